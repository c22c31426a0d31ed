#define CATCH_CONFIG_RUNNER
#include <tests/catch_session.hpp>

#include <catch2/catch.hpp>

namespace cosetta::tests {

int run_session(int argc, char** argv) { return Catch::Session().run(argc, argv); }

}  // namespace cosetta::tests
