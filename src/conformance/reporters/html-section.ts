/** Where a report stands in a page, so that one page can hold several. */
export interface Section {
  /** The level of its headings, from 2 to 5. Those within its parts are one level lower. */
  readonly level: number;
  /**
   * Makes the id of an element, which no other element of the page has. That of `name` is the
   * heading with the plugin's name or file.
   */
  readonly id: (name: string) => string;
}
