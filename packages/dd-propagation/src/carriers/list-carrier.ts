import { headerText } from "./header-text.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** How a list stores headers: where the fields are and how one is written. */
export interface ListForm {
  /** Entries of the list per header. */
  readonly width: number;
  nameAt(list: readonly unknown[], index: number): unknown;
  valueAt(list: readonly unknown[], index: number): unknown;
  fieldOf(name: string, value: string): unknown[];
}

/** Node's `rawHeaders`: name, value, name, value. */
export const rawHeadersForm: ListForm = {
  width: 2,
  nameAt: (list, index) => list[index],
  valueAt: (list, index) => list[index + 1],
  fieldOf: (name, value) => [name, value],
};

/** Pairs of name and value, as `fetch` takes them. */
export const pairsForm: ListForm = {
  width: 1,
  nameAt: (list, index) => Array.isArray(list[index]) && list[index][0],
  valueAt: (list, index) => Array.isArray(list[index]) && list[index][1],
  fieldOf: (name, value) => [[name, value]],
};

/** One object of one key per header, as librdkafka's clients have them. */
export const singleKeyObjectsForm: ListForm = {
  width: 1,
  nameAt: (list, index) => Object.keys(list[index] ?? {})[0],
  valueAt: (list, index) => Object.values(list[index] ?? {})[0],
  fieldOf: (name, value) => [{ [name]: value }],
};

/** A list of headers; repeated ones are joined with a comma, and a write replaces them all. */
export class ListCarrier implements TraceContextCarrier {
  readonly #list: unknown[];
  readonly #form: ListForm;

  constructor(list: unknown[], form: ListForm) {
    this.#list = list;
    this.#form = form;
  }

  get(name: string): string | undefined {
    const values = this.#positions(name).map((at) => this.#form.valueAt(this.#list, at));
    return values.length === 0 ? undefined : headerText(values);
  }

  set(name: string, value: string): void {
    this.delete(name);
    this.#list.push(...this.#form.fieldOf(name, value));
  }

  keys(): string[] {
    const names: string[] = [];
    for (let index = 0; index < this.#list.length; index += this.#form.width) {
      const name = this.#form.nameAt(this.#list, index);
      if (typeof name === "string") names.push(name);
    }
    return names;
  }

  delete(name: string): void {
    for (const at of this.#positions(name).reverse()) this.#list.splice(at, this.#form.width);
  }

  #positions(wanted: string): number[] {
    const lower = wanted.toLowerCase();
    const positions: number[] = [];
    for (let index = 0; index < this.#list.length; index += this.#form.width) {
      const name = this.#form.nameAt(this.#list, index);
      if (typeof name !== "string" || name.length !== lower.length) continue;
      if (name.toLowerCase() === lower) positions.push(index);
    }
    return positions;
  }
}
