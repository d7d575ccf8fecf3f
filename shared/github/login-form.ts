// Form of a login of GitHub's.

/** GitHub's rule for new accounts: letters, digits and single hyphens inside, 39 at most. */
export const loginForm = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;
