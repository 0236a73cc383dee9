// Prints every message of awesome-lint about the given files, one JSON object a line. The command of the package stops at
// the first file and prints for people; its rules are the same.
import lint from './node_modules/awesome-lint/index.js';

for (const filename of process.argv.slice(2)) {
	const reports = await lint({filename});
	for (const message of reports.flatMap(report => report.messages)) {
		const line = message.line ?? 1;
		console.log(JSON.stringify({file: filename, line, rule: message.ruleId, error: message.fatal === true, said: message.reason}));
	}
}
