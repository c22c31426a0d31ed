// Set COSETTA_TEST_SEED to repeat a random test with the seed that it printed.
// Runs the test cases that are linked in; the test framework's own code, which takes long to compile, is compiled once for all programs.
#pragma once

namespace cosetta::tests {

int run_session(int argc, char** argv);

}  // namespace cosetta::tests
