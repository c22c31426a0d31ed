// The main program of every test binary. Set COSETTA_TEST_SEED to repeat a random test with the seed it printed.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
