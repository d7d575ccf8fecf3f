// Settings of a hub's images in groundcrew.yaml.
import * as z from "zod";

/** Images that LEAP-Pangeo's hubs run; in whatever registry. */
export const defaultImages = ["pangeo/pangeo-notebook", "pangeo/ml-notebook", "pangeo/pytorch-notebook"];

const Repository = z
  .string()
  .regex(/^[A-Za-z\d][\w.-]{0,99}\/[\w.-]{1,100}$/, "a repository is <owner>/<name>")
  .refine((name) => !/\/\.{1,2}$/.test(name), "a repository is <owner>/<name>");

export const ImagesSettings = z.strictObject({
  releases: Repository.default("pangeo-data/pangeo-docker-images").describe(
    "The repository whose tags are the images' releases.",
  ),
  names: z
    .array(z.string().regex(/^(?:[\w.-]+(?::\d+)?\/)*[\w.-]+$/, "an image's name, without its tag"))
    .min(1)
    .max(20)
    .default(defaultImages)
    .describe("The images that move together; in any registry unless a name has one."),
  upstream: Repository.describe("The repository with the hub's configuration."),
  files: z
    .string()
    .regex(
      /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[\w./*-]{1,200}$/,
      "a path, in which * stands for a part of a name",
    )
    .describe("Which of its files hold the images, such as config/clusters/leap/*.values.yaml."),
  pins: z
    .array(z.string().max(300))
    .default([])
    .describe("References that never move: <file>:<keys joined by dots>, or a file as a whole."),
  pullRequest: z
    .enum(["open", "branch"])
    .default("open")
    .describe(
      "open: a pull request from the fork. branch: the branch alone, and a link by which a person opens it.",
    ),
  waitMinutes: z
    .number()
    .int()
    .min(0)
    .max(600)
    .default(120)
    .describe(
      "How long a new release's images are waited for, and looked at again, before the team is told.",
    ),
  approvalHours: z.number().int().min(1).max(168).default(24).describe("How long an approval counts."),
});
export type ImagesSettings = z.infer<typeof ImagesSettings>;
