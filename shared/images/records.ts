// Records of a hub's images: the state that a run of bump-image leaves to the next one and to the console.
import * as z from "zod";
import { statusRenamed, Time, version, Waiting } from "../records.ts";
import { wordOr } from "../unknown-fields.ts";

/** The digests of a release's tag and of its build: whether its image is what its commit built. */
export const ImageEvidence = z.strictObject({
  image: z.string(),
  tag: z.string(),
  /** The tag that names the build: the first letters of the commit. */
  build: z.string(),
  tagDigest: z.string().optional(),
  buildDigest: z.string().optional(),
});
export type ImageEvidence = z.infer<typeof ImageEvidence>;

/**
 * The status of a hub's images. current: nothing to move. planned: to be proposed. proposed: a pull request or a branch waits.
 * waiting: images are not there yet. held: they wait for a person. ignored: people have said no. hands-off: somebody else is at
 * the branch.
 */
export const ImagesStatus = z.enum([
  "current",
  "planned",
  "proposed",
  "waiting",
  "held",
  "ignored",
  "hands-off",
]);
export type ImagesStatus = z.infer<typeof ImagesStatus>;

/** A release whose images are not as they should be: since when, and how often they were looked at. */
const RegistryWait = z.strictObject({ tag: z.string(), since: Time, looks: z.number().int() });

/** Today's form of the state. */
export const CurrentImagesState = z.strictObject({
  v: version,
  at: Time,
  status: wordOr(ImagesStatus, "planned"),
  /** One line for people. */
  sentence: z.string(),
  /** The newest release, and those before it, newest first. */
  releases: z.array(z.string()),
  refs: z.array(
    z.strictObject({
      file: z.string(),
      line: z.number().int(),
      image: z.string(),
      tag: z.string(),
      /** Reason why it is left where it is, if it is. */
      left: z.string().optional(),
    }),
  ),
  /** Files that could not be read, and why. */
  unread: z.array(z.strictObject({ file: z.string(), why: z.string() })),
  evidence: z.array(ImageEvidence),
  /** Our fork as GitHub gave it: it may have another name than upstream. */
  fork: z.string().optional(),
  /** State of our branch: its commit, what it changes, and a commit that we were about to put there. */
  branch: z.strictObject({ sha: z.string(), edit: z.string(), pushing: z.string().optional() }).optional(),
  /** Proposal that people were told of, and the hash of the action that it carried out. */
  proposal: z
    .strictObject({
      tag: z.string(),
      url: z.string(),
      number: z.number().int().optional(),
      action: z.string().optional(),
    })
    .optional(),
  /** Key of the message that told the team that the branch is left alone, while it is. */
  leftAlone: z.string().optional(),
  registryWait: RegistryWait.optional(),
  /** Kind of thing that GitHub does not show as it was written or seen before, and since when. One that only a newer version knows is none. */
  doubt: z
    .strictObject({
      what: z.enum(["releases", "merged", "pull-request", "branch"]).optional(),
      since: Time,
    })
    .optional(),
  /** Actions that wait for a person's approval. */
  waiting: Waiting.optional(),
});

/** head/images/<hub>.json. Where nobody could approve anything yet, the wait for a registry had the other's name. */
export const ImagesState = statusRenamed(
  z.union([
    CurrentImagesState,
    CurrentImagesState.omit({ registryWait: true })
      .extend({ waiting: RegistryWait })
      .transform(
        ({ waiting, ...rest }): z.infer<typeof CurrentImagesState> => ({ ...rest, registryWait: waiting }),
      ),
  ]),
);
export type ImagesState = z.infer<typeof CurrentImagesState>;
