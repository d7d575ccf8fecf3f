// Jest's environment of Node, in a context whose global object is an ordinary one. Jest's own is a proxy, through which
// each look at a global (`Math`, `JSON`, `Buffer`) takes 350 ns and not one or two: a tenth of the time of all tests.
// https://nodejs.org/api/vm.html#when-contextobject-is-vmconstantsdont_contextify
import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";
import { keepCompiled } from "./compiled.ts";
import { endSubscriptions } from "./subscriptions.ts";

keepCompiled();
const unsubscribe = endSubscriptions();

// biome-ignore lint/style/noDefaultExport: it is what Jest takes.
export default function environment(...given: ConstructorParameters<typeof TestEnvironment>) {
  const { createContext } = vm;
  vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
  try {
    const made = new TestEnvironment(...given);
    if (made.context !== made.global)
      throw new Error("Jest makes the context of tests in another way now: test/environment.ts does nothing");
    const teardown = made.teardown.bind(made);
    made.teardown = async () => {
      unsubscribe();
      await teardown();
    };
    return made;
  } finally {
    vm.createContext = createContext;
  }
}
