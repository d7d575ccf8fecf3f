// The mark in the browser's tab: a marshaller's two batons.
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6b5d"/><path d="M9 24 14 9M23 24 18 9" stroke="#ffd166" stroke-width="4.5" stroke-linecap="round"/></svg>
`;
