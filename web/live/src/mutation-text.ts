/** The document of a mutation with one `input`: what is asked of its payload beside problems and cursor is `result`. */
export function mutationText(mutation: string, result = ""): string {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation($input: ${type}!) { ${mutation}(input: $input) { cursor ${result} problems { code message } } }`;
}
