// The words of the product in either language, from its own language files: a journey that runs in both asks for a text by its key and so
// cannot disagree with what is shown.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export type Lang = 'ru' | 'en';
export const LANGS: Lang[] = ['ru', 'en'];

/** The locale of a browser of that language. */
export const LOCALE = { ru: 'ru-RU', en: 'en-GB' } as const;

/** Where a department keeps its texts. */
const HOMES = {
  classbook: 'departments/classbook/ui',
  study: 'departments/study/ui',
  access: 'departments/access/ui',
  kit: 'kit',
  app: 'app',
};

type Tree = string | { [key: string]: Tree };

/** `words('en').say('classbook', 'journal.topic')`; places in braces are filled, of a plural the form of its number is taken. */
export class Words {
  private readonly trees = new Map<string, Tree>();

  constructor(readonly lang: Lang) {}

  say(home: keyof typeof HOMES, key: string, places: Record<string, string | number> = {}): string {
    let tree = this.trees.get(home);
    if (tree === undefined) {
      tree = JSON.parse(readFileSync(path.resolve(__dirname, '../..', HOMES[home], `texts/${this.lang}.json`), 'utf8')) as Tree;
      this.trees.set(home, tree);
    }
    for (const part of key.split('.')) tree = typeof tree === 'object' ? tree[part] : undefined!;
    if (typeof tree === 'object' && typeof places.n === 'number') tree = tree[new Intl.PluralRules(this.lang).select(places.n)];
    if (typeof tree !== 'string') throw new Error(`${home} has no text ${key} in ${this.lang}`);
    return tree.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
  }
}

export function words(lang: Lang): Words {
  return new Words(lang);
}
