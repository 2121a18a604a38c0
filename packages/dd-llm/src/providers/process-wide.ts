/**
 * State of the whole process: an application may have several copies of this package, which have to know of each other
 * what was recorded. The version in the key changes with the form of the state.
 */
export function processWide<T extends object>(name: string, create: () => T): T {
  const key = Symbol.for(`@llmdevops/dd-llm/v0/${name}`);
  const known: T | undefined = Reflect.get(globalThis, key);
  if (known !== undefined) return known;
  const state = create();
  Object.defineProperty(globalThis, key, { value: state, configurable: true });
  return state;
}
