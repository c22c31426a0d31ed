#include <tests/catch_session.hpp>

int main(int argc, char** argv) { return cosetta::tests::run_session(argc, argv); }
