// A name, and how it is spelt in code: the templates speak of `new-thing`, and each spelling of it becomes the name's.

export type Names = {
  /** "check-costs", as it was given. */
  name: string;
  /** "checkCosts". */
  camel: string;
  /** "CheckCosts". */
  pascal: string;
  /** Subject of the name, which is the name without its verb: "costs" of "check-costs", and the name itself where it is one word. */
  thing: string;
  thingCamel: string;
  thingPascal: string;
  /** "Check costs", for people. */
  title: string;
};

/** The names of a flow, a page or a far end. Gives the sentence that says what is wrong with a name that will not do. */
export function namesOf(name: string): Names | string {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) return `"${name}" is not of a-z, 0-9 and single dashes`;
  // An identity of the cloud has 6 to 30 letters: https://cloud.google.com/iam/docs/service-accounts-create
  if (name.length > 30) return `"${name}" has ${name.length} letters, and an identity's name has at most 30`;
  const [verb = "", ...rest] = name.split("-");
  const thing = rest.length === 0 ? verb : rest.join("-");
  return {
    name,
    camel: camelOf(name),
    pascal: capital(camelOf(name)),
    thing,
    thingCamel: camelOf(thing),
    thingPascal: capital(camelOf(thing)),
    title: capital(name.replaceAll("-", " ")),
  };
}

/** A template with its placeholder `do-things` spelt as the name. */
export function filled(template: string, names: Names): string {
  return template
    .replaceAll("DoThings", names.pascal)
    .replaceAll("doThings", names.camel)
    .replaceAll("do-things", names.name)
    .replaceAll("__Things__", names.thingPascal)
    .replaceAll("__things__", names.thingCamel)
    .replaceAll("__thing-s__", names.thing)
    .replaceAll("__Title__", names.title);
}

const camelOf = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
