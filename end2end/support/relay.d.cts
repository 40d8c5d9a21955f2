/** A wire between a browser and the server that can be cut. */
export declare class Relay {
  readonly url: string;
  static start(to: number): Promise<Relay>;
  way(mode: 'open' | 'closed' | 'hung' | 'deaf'): Promise<void>;
  stop(): Promise<void>;
}
