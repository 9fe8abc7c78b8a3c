/**
 * For every run of mocha. Its comparison of actual and expected values, which node:assert's message has anyway, fails on BigInts, and
 * takes the process with it: exit code 0, the rest of the tests not run. And whatever else ends the process early fails the run.
 */
const { reporters } = require("mocha");

reporters.Base.showDiff = () => false;

let over = false;

module.exports = {
  mochaGlobalTeardown() {
    over = true;
  },
};

process.once("exit", () => {
  if (over) return;
  console.error("mocha ended before its tests did");
  process.exitCode ||= 1;
});
