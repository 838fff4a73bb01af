/** What keeps the program from starting, in one line for the operator. Ends it with exit code 2. */
export class StartProblem extends Error {}
