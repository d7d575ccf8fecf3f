// `npm run bench`: each figure is a ratio to a peer or a count from one run, so that it holds on a slow machine too.
import { benchEdits, editsLine } from "./edits.ts";
import { benchAllLargeTeams, largeTeamsTable } from "./large-teams.ts";
import { benchMembers, membersTable } from "./members.ts";
import { benchMemory, memoryLines } from "./memory.ts";
import { benchPlanning, planningLine } from "./planning.ts";
import { benchPubsub, pubsubTable } from "./pubsub.ts";
import { benchScale, scaleTable } from "./scale.ts";
import { benchStart, startTable } from "./start.ts";

console.log(membersTable([await benchMembers(60), await benchMembers(3000)]));
console.log();
console.log(largeTeamsTable(await benchAllLargeTeams()));
console.log();
console.log(editsLine(await benchEdits()));
console.log();
console.log(scaleTable(benchScale()));
console.log();
console.log(planningLine(await benchPlanning()));
console.log();
console.log(pubsubTable(await benchPubsub()));
console.log();
console.log(startTable(await benchStart()));
console.log();
console.log(memoryLines(await benchMemory()));
