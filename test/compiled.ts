// Code as V8 has compiled it, for the next test file of the same process: each has a context of its own, into which Jest compiles
// everything anew, which was a seventh of the time of all tests. https://nodejs.org/api/vm.html#class-vmsourcetextmodule
import vm from "node:vm";

declare module "node:vm" {
  interface SourceTextModule {
    createCachedData(): Buffer;
  }
}

type Kept = Map<string, { code: string; compiled: Buffer }>;

/** Finds what was compiled of exactly this code. V8 itself compares no more than its length. */
function compiledOf(kept: Kept, name: string, code: string): Buffer | undefined {
  const found = kept.get(name);
  return found?.code === code ? found.compiled : undefined;
}

/** Copies bytes that V8 gives: theirs are of the test file's context, and would keep all of it for ever. */
const own = (compiled: Uint8Array): Buffer => Buffer.from(compiled);

/** Makes every module and function that this process compiles from here on be kept by its name, and used again. */
export function keepCompiled(): void {
  keepModules();
  keepFunctions();
}

function keepModules(): void {
  const { SourceTextModule } = vm;
  const kept: Kept = new Map();
  vm.SourceTextModule = class extends SourceTextModule {
    constructor(code: string, options: vm.SourceTextModuleOptions = {}) {
      const { identifier = "" } = options;
      const cachedData = compiledOf(kept, identifier, code);
      super(code, { ...options, ...(cachedData === undefined ? {} : { cachedData }) });
      if (cachedData === undefined) kept.set(identifier, { code, compiled: own(this.createCachedData()) });
    }
  };
}

function keepFunctions(): void {
  const { compileFunction } = vm;
  const kept: Kept = new Map();
  vm.compileFunction = (code, parameters, options = {}) => {
    const { filename = "" } = options;
    const cachedData = compiledOf(kept, filename, code);
    const more = cachedData === undefined ? { produceCachedData: true } : { cachedData };
    const made = compileFunction(code, parameters, { ...options, ...more });
    if (made.cachedData !== undefined) kept.set(filename, { code, compiled: own(made.cachedData) });
    return made;
  };
}
