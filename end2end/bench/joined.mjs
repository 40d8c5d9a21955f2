// A school that the generator cannot make: three of its schools as one. Classes of a grade go on through the alphabet, teachers keep
// their classes, and all rooms of a subject serve all classes, so that the three are one problem and not three.

const LETTERS = [...'АБВГДЕЖЗИКЛМНОПРСТУ'];
const lines = (xml) => xml.split('\n');
const all = (xml, tag) => [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => m[1]);
const within = (xml, tag) => all(xml, tag)[0] ?? '';

/** New names for those of a school that the schools before it have, too. */
function renamed(xml, list, item, taken, part) {
  const names = new Map();
  for (const one of all(within(xml, list), item)) {
    const name = within(one, 'Name');
    const free = taken.has(name) ? `${name} (${part + 1})` : name;
    taken.add(free);
    names.set(name, free);
  }
  return names;
}

/** Classes "5А", "5Б" of a school behind those that there are. */
function classes(xml, counts) {
  const names = new Map();
  for (const name of all(within(xml, 'Students_List'), 'Group').map((group) => within(group, 'Name'))) {
    const grade = Number.parseInt(name, 10);
    const at = counts.get(grade) ?? 0;
    if (at >= LETTERS.length) throw new Error(`grade ${grade} has more than ${LETTERS.length} classes`);
    counts.set(grade, at + 1);
    names.set(name, `${grade}${LETTERS[at]}`);
  }
  return names;
}

/** One FET file of several that make_fet_school.py wrote with the same days and shifts. */
export function joined(files) {
  const taken = { teachers: new Set(), rooms: new Set() };
  const counts = new Map();
  const lists = { Subjects_List: new Set(), Teachers_List: [], Rooms_List: [], Activities_List: [] };
  const years = new Map();
  const constraints = { Time: new Set(), Space: new Set() };
  const rooms = new Map();
  let base = 0;
  for (const [part, original] of files.entries()) {
    const people = renamed(original, 'Teachers_List', 'Teacher', taken.teachers, part);
    const places = renamed(original, 'Rooms_List', 'Room', taken.rooms, part);
    const groups = classes(original, counts);
    const pupils = (name) => {
      const [whole, half] = name.split(' гр.');
      return (groups.get(whole) ?? whole) + (half ? ` гр.${half}` : '');
    };
    const id = (text) => (Number(text) > 0 ? String(Number(text) + base) : text);
    const change = (line) =>
      line
        .replace(/<(Teacher|Teacher_Name)>([^<]+)<\//g, (_, tag, name) => `<${tag}>${people.get(name) ?? name}</`)
        .replace(/<Students>([^<]+)<\//g, (_, name) => `<Students>${pupils(name)}</`)
        .replace(/<(Room|Preferred_Room)>([^<]+)<\//g, (_, tag, name) => `<${tag}>${places.get(name) ?? name}</`)
        .replace(/<(Id|Activity_Id|Activity_Group_Id)>(\d+)<\//g, (_, tag, number) => `<${tag}>${id(number)}</`);
    all(within(original, 'Subjects_List'), 'Subject').forEach((one) => lists.Subjects_List.add(`<Subject>${one}</Subject>`));
    for (const [list, item, names] of [['Teachers_List', 'Teacher', people], ['Rooms_List', 'Room', places]]) {
      for (const one of all(within(original, list), item)) {
        lists[list].push(`<${item}>${one.replace(/<Name>([^<]+)</, (_, name) => `<Name>${names.get(name)}<`)}</${item}>`);
      }
    }
    for (const year of all(within(original, 'Students_List'), 'Year')) {
      const [start] = year.split('<Group>');
      const before = years.get(start) ?? '';
      years.set(start, before + year.slice(start.length).replace(/<Name>([^<]+)</g, (_, name) => `<Name>${pupils(name)}<`));
    }
    const activities = lines(within(original, 'Activities_List')).filter((line) => line.startsWith('<Activity>'));
    lists.Activities_List.push(...activities.map(change));
    for (const sort of ['Time', 'Space']) {
      for (const line of lines(within(original, `${sort}_Constraints_List`)).filter((line) => line.startsWith('<Constraint'))) {
        const subject = /^<ConstraintSubjectPreferredRooms?>/.test(line) ? within(line, 'Subject') : undefined;
        if (subject === undefined) {
          constraints[sort].add(change(line));
        } else {
          const now = change(line);
          rooms.set(subject, [...(rooms.get(subject) ?? []), ...all(now, 'Room'), ...all(now, 'Preferred_Room')]);
        }
      }
    }
    base += activities.length;
  }
  for (const [subject, list] of rooms) {
    const named = list.map((room) => `<Preferred_Room>${room}</Preferred_Room>`).join('');
    constraints.Space.add(
      `<ConstraintSubjectPreferredRooms><Weight_Percentage>100</Weight_Percentage><Subject>${subject}</Subject><Number_of_Preferred_Rooms>${list.length}</Number_of_Preferred_Rooms>` +
        `${named}<Active>true</Active><Comments></Comments></ConstraintSubjectPreferredRooms>`,
    );
  }
  const first = files[0];
  const head = first.slice(0, first.indexOf('<Subjects_List>'));
  const body = [
    ['Subjects_List', [...lists.Subjects_List]],
    ['Activity_Tags_List', []],
    ['Teachers_List', lists.Teachers_List],
    ['Students_List', [...years].map(([start, rest]) => `<Year>${start}${rest}</Year>`)],
    ['Activities_List', lists.Activities_List],
    ['Buildings_List', []],
    ['Rooms_List', lists.Rooms_List],
    ['Time_Constraints_List', [...constraints.Time]],
    ['Space_Constraints_List', [...constraints.Space]],
    ['Timetable_Generation_Options_List', []],
  ];
  const count = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return { classes: count, activities: lists.Activities_List.length, xml: `${head}${body.map(([list, items]) => `<${list}>\n${items.join('\n')}\n</${list}>`).join('\n')}\n</fet>\n` };
}
