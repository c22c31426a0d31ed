// The house keeps itself: includes follow the arrows, and generated pages are what the program generates.
#include <map>
#include <regex>
#include <sstream>

#include <catch2/catch.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::tests {
namespace house_test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("no include runs against an arrow") {
  const std::vector<std::string> rooms{"kernels", "groups", "graphs", "search", "learning", "tools"};
  const std::regex include(R"(^\s*#\s*include\s*[<"](\w+)/)");
  std::size_t files = 0;
  for (std::size_t room = 0; room < rooms.size(); ++room) {
    const fs::path folder = fs::path(COSETTA_SOURCE_DIR) / rooms[room];
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const auto ending = entry.path().extension();
      if (ending != ".hpp" && ending != ".cpp" && ending != ".cu" && ending != ".in") continue;
      ++files;
      std::istringstream lines(slurp(entry.path()));
      for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (!std::regex_search(line, found, include)) continue;
        const auto target = std::find(rooms.begin(), rooms.end(), found[1].str());
        if (target == rooms.end()) continue;
        INFO(entry.path().string() << ": " << line);
        CHECK(static_cast<std::size_t>(target - rooms.begin()) <= room);
      }
    }
  }
  CHECK(files > 30);
}

TEST_CASE("docs/catalogue.md is what the catalogue says") {
  const scratch_folder folder;
  CHECK(slurp(fs::path(COSETTA_SOURCE_DIR) / "docs/catalogue.md") ==
        shell("cosetta graph list --format markdown", folder).out);
}

}  // namespace
}  // namespace house_test
}  // namespace cosetta::tests
