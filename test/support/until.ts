/** Resolves when `wanted` holds; the test's own time limit is the only one. */
export async function until(wanted: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await wanted())) await new Promise((resolve) => setTimeout(resolve, 20));
}
