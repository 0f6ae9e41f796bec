/** A JSON value, held as its text. All that a writer has to know of an `OpaqueJson`, which can be read as well. */
export abstract class JsonText {
  /** The value as serde_json writes it: keys sorted by UTF-8 bytes, no white space. Equal values have equal texts. */
  readonly text: string;

  protected constructor(text: string) {
    this.text = text;
  }
}
