// A groundcrew.yaml in which all is right, for tests that put one thing in it wrong.
export const goodFile = `project: example-hub-ops
name: Example hub
team:
  mail: [crew@example.org]
  sender: hub@example.org
github:
  appId: 123456
flows:
  sync-members: plan
hubs:
  prod:
    organisation: example-hub
    url: https://hub.example.org
`;
