// A GitHub login as people type it into a cell. What can mean only one login is mended silently; everything else is
// refused with the reason, for a guess could invite a stranger. Pure.
import { loginForm } from "../github/login-form.ts";
import { type Cell, type Typed, textOf, whyNoText } from "./cell.ts";
import { clean, folded, isPlaceholder } from "./cell-text.ts";

const profile = /^(?:https?:\/\/)?(?:www\.)?github\.com\/+@?([^/?#\s]+)(\/[^?#]*)?(?:[?#].*)?$/i;

/** Paths of github.com that are no accounts (https://github.com/github-names/reserved-names has the long list). */
const reserved = new Set(
  "about,account,apps,collections,contact,dashboard,enterprise,explore,features,github,issues,join,login,logout,marketplace,new,notifications,orgs,organizations,pricing,pulls,search,security,sessions,settings,signup,site,sponsors,stars,team,teams,topics,trending,user,users".split(
    ",",
  ),
);

const bidirectional = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/;
const marks = new RegExp(bidirectional.source, "g");

/**
 * Words that answer another question, and are somebody's account at GitHub all the same: yes and no in languages and in Sheets' own
 * words for a ticked box, what somebody writes who has no answer yet, what points at another cell, what a heading or a hint says, what
 * became of somebody, and who they are.
 */
const answers = new Set(
  [
    "true,false,yes,y,yep,yeah,n,nope,not,ok,okay,done,wahr,falsch,vrai,faux,verdadero,verdadeiro,falso,vero,waar,onwaar,prawda",
    "ja,nein,nee,nej,oui,non,si,sim,tak,nie,ano,kein,keine,keiner,aucun,ninguno,ninguna,nenhum,nessuno",
    "same,same-as-above,as-above,see-above,above,ditto,idem,see-email,email,e-mail,mail,name,username,user-name,login-name",
    "github-username,githubusername,github-name,github-id,githubid,github-handle,githubhandle,handle,your-username,yourusername",
    "my-username,myusername,id,me,myself,self,nobody,noone,no-one,anonymous,missing,empty,blank,void,nothing,unavailable,nan",
    "no-account,noaccount,no-github,nogithub,not-sure,notsure,unsure,dunno,idk,dont-know,dontknow,forgot,help,ask,asked,requested",
    "pending,waiting,wait,later,soon,not-yet,notyet,to-do,to-follow,tofollow,tbc,test,testing,example,sample,placeholder",
    "invited,added,applied,approved,accepted,declined,rejected,removed,expired,left,active,inactive,duplicate,signed-up,signedup",
    "student,students,postdoc,phd,professor,prof,faculty,staff,researcher,instructor,teacher,guest,visitor,intern,member,admin",
    "she,her,he,him,they,them,google,gmail,orcid,slack,github-account,githubaccount,account,personal,private,public,hidden,secret",
  ].flatMap((words) => words.split(",")),
);

/** Reads the cell of a login. `isOther` knows the words of the sheet that stand in another column, in lower case. */
export function readLogin(cell: Cell, isOther: (word: string) => boolean = () => false): Typed<string> {
  const odd = whyNoText(cell);
  if (odd !== undefined) return odd;
  const read = readText(textOf(cell), isOther);
  return "ok" in read || read.suggestion !== undefined
    ? read
    : { why: `${read.why}; ask the person for their GitHub username` };
}

function readText(typed: string, isOther: (word: string) => boolean): Typed<string> {
  if (bidirectional.test(typed))
    return {
      why: "holds invisible characters that change the direction of writing: type it anew",
      ...suggest(typed.replace(marks, "")),
    };
  const text = clean(typed);
  if (text === "") return { why: "the cell is empty" };
  if (isPlaceholder(text) || answers.has(folded(text)) || isOther(folded(text)))
    return {
      why: `"${text}" stands where a GitHub username belongs${loginForm.test(text) ? `; if it is their account, type https://github.com/${text}` : ""}`,
    };
  const bare = mend(text);
  if (typeof bare !== "string") return bare;
  if (reserved.has(bare.toLowerCase()))
    return { why: "a word that GitHub keeps for itself, not a person's account" };
  if (loginForm.test(bare)) return { ok: bare };
  return { ...refusal(bare), ...suggest(bare) };
}

/** Tells whether a cell of a good login has the address of its profile. */
export const isProfile = (cell: Cell): boolean => profile.test(clean(textOf(cell)));

/** Takes off what can only be decoration: a leading @, a profile's address. */
function mend(text: string): string | { why: string; suggestion?: string } {
  const [whole, account, rest] = profile.exec(text) ?? [];
  if (whole === undefined) return text.replace(/^@ ?/, "");
  if (account === undefined || reserved.has(account.toLowerCase()))
    return { why: "an address on github.com, but not of a person's profile" };
  if (rest !== undefined && /[^/]/.test(rest))
    return { why: "the address of a repository or page, not of a profile", ...suggest(account) };
  return account;
}

function refusal(text: string): { why: string } {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return { why: "an e-mail address, not a GitHub username" };
  if (/\[bot\]$/i.test(text)) return { why: "a bot, not a person's account" };
  if (names(text).length > 1) return { why: "more than one username in a cell: give each a row of its own" };
  if (/[^\u0020-\u007e]/.test(text))
    return {
      why: "holds characters that look like plain letters but are not, or letters that GitHub does not allow",
    };
  if (text.includes(" ")) return { why: "looks like a person's name: a GitHub username has no blanks" };
  if (text.length > 39) return { why: "longer than the 39 characters of a GitHub username" };
  if (text.includes("_"))
    return {
      why: "has an underscore: an account managed by a company, which cannot join other organisations",
    };
  if (/^-|-$|--/.test(text)) return { why: "begins or ends with a hyphen, or has two in a row" };
  return { why: "holds characters that a GitHub username cannot have" };
}

function names(text: string): string[] {
  const parts = text.split(/\s*[,;|&+/]\s*|\s+(?:and|or)\s+/i).map((part) => part.replace(/^@/, ""));
  return parts.filter((part) => loginForm.test(part));
}

/** Letters of other scripts that pass for Latin ones, the commonest. */
const lookAlikes = new Map<string, string>(
  Object.entries({
    а: "a",
    в: "b",
    с: "c",
    ԁ: "d",
    е: "e",
    һ: "h",
    і: "i",
    ј: "j",
    к: "k",
    ӏ: "l",
    м: "m",
    о: "o",
    р: "p",
    ԛ: "q",
    ѕ: "s",
    т: "t",
    у: "y",
    х: "x",
    ԝ: "w",
    А: "A",
    В: "B",
    С: "C",
    Е: "E",
    Н: "H",
    І: "I",
    К: "K",
    М: "M",
    О: "O",
    Р: "P",
    Ѕ: "S",
    Т: "T",
    Х: "X",
    α: "a",
    ο: "o",
    ρ: "p",
    ν: "v",
    ι: "i",
    κ: "k",
    υ: "u",
    Α: "A",
    Β: "B",
    Ε: "E",
    Ζ: "Z",
    Η: "H",
    Ι: "I",
    Κ: "K",
    Μ: "M",
    Ν: "N",
    Ο: "O",
    Ρ: "P",
    Τ: "T",
    Υ: "Y",
    Χ: "X",
    ı: "i",
    ł: "l",
    ø: "o",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
  }),
);

/** Only what a person can see to be meant: look-alikes made plain, punctuation and a note behind it gone. Never a new word. */
function suggest(text: string): { suggestion?: string } {
  const [whole, login] = /^([^\s([{,;]+)(?: ?[({,;].*| [[\-\u2013\u2014].*)$/u.exec(clean(text)) ?? [];
  if (whole !== undefined && login !== undefined && names(text).length < 2) return suggest(login);
  const plain = [...clean(text)].map((letter) => lookAlikes.get(letter) ?? letter).join("");
  const ascii = plain.normalize("NFKD").replace(/\p{Mn}/gu, "");
  const stripped = ascii
    .replace(/^@/, "")
    .replace(/^[\s"'`(<[{*.,;:]+|[\s"'`)>\]}*.,;:!]+$/g, "")
    .replace(/^@/, "");
  return loginForm.test(stripped) && !isPlaceholder(stripped) && !reserved.has(stripped.toLowerCase())
    ? { suggestion: stripped }
    : {};
}
