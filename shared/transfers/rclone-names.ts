// Names that rclone carries, reads and names in a list as they are. Pure.

/** rclone writes what a store cannot hold with these, and so reads them back as something else (https://rclone.org/overview/#encoding). */
export const rcloneChanges = /[\u2400-\u2421\uff0e\uff0f\u201b\ufffd]/u;

/** Tells whether rclone carries an object of this name (relative to the source) over as it is, named in a list of lines. */
export function isMovable(name: string): boolean {
  return (
    name !== "" &&
    name.isWellFormed() &&
    !/\p{Cc}/u.test(name) &&
    !rcloneChanges.test(name) &&
    name.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..")
  );
}
