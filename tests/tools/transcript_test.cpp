// Sessions written down in tests/transcripts/*.txt are replayed: `$ command`, then the expected stdout line by line,
// then optionally `[stderr TEXT]` (stderr holds TEXT, and is one line) and `[exit N]` (default 0). `<*>` in an expected
// line stands for anything.
#include <sstream>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::tests {
namespace transcript_test {
namespace {

struct exchange {
  std::string command;
  std::vector<std::string> expected;
  std::string error_text;
  int code = 0;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<exchange> read_transcript(const std::filesystem::path& path) {
  std::vector<exchange> out;
  for (const auto& line : lines_of(slurp(path))) {
    if (line.starts_with("$ ")) {
      out.push_back({line.substr(2), {}, "", 0});
    } else if (out.empty() || line.starts_with("# ")) {
      continue;  // a heading
    } else if (line.starts_with("[exit ")) {
      out.back().code = std::stoi(line.substr(6));
    } else if (line.starts_with("[stderr ")) {
      out.back().error_text = line.substr(8, line.size() - 9);
    } else if (!line.empty()) {
      out.back().expected.push_back(line);
    }
  }
  return out;
}

bool matches(std::string_view line, std::string_view pattern, std::string_view hole = "<*>") {
  const auto place = pattern.find(hole);
  if (place == std::string_view::npos) return line == pattern;
  if (!line.starts_with(pattern.substr(0, place))) return false;
  const auto rest = pattern.substr(place + hole.size());
  for (std::size_t at = place; at <= line.size(); ++at) {
    if (matches(line.substr(at), rest, hole)) return true;
  }
  return false;
}

// The blocks of a tutorial in their order, in one folder: ```json NAME is a file, ```console holds commands with what they print, where `...` in a
// line stands for anything, and as a whole line for some lines.
std::size_t follow(const std::filesystem::path& page) {
  const scratch_folder folder;
  const auto lines = lines_of(slurp(page));
  std::size_t commands = 0;
  const auto inside = [&](std::size_t i) { return i < lines.size() && lines[i] != "```"; };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("```json ")) {
      std::string text;
      const auto name = lines[i].substr(8);
      while (inside(++i)) text += lines[i] + "\n";
      folder.write(name, text);
    } else if (lines[i] == "```console") {
      ++i;
      while (inside(i)) {
        INFO(page.filename().string() << ", line " << i + 1 << ": " << lines[i]);
        REQUIRE(lines[i].starts_with("$ "));
        const auto got = shell(lines[i++].substr(2), folder);
        const auto printed = lines_of(got.out + got.err);
        std::string pattern, text;
        for (; inside(i) && !lines[i].starts_with("$ "); ++i) pattern += lines[i] + "\n";
        for (const auto& line : printed) text += line + "\n";
        INFO("expected:\n" << pattern << "got:\n" << text);
        CHECK(matches(text, pattern, "..."));
        ++commands;
      }
    }
  }
  return commands;
}

TEST_CASE("transcripts") {
  std::size_t replayed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(COSETTA_SOURCE_DIR "/tests/transcripts")) {
    const scratch_folder folder;
    add_example_files(folder);
    for (const auto& e : read_transcript(entry.path())) {
      INFO(entry.path().filename().string() << ": $ " << e.command);
      const auto got = shell(e.command, folder);
      const auto lines = lines_of(got.out);
      INFO("stdout: " << got.out.substr(0, 2000));
      INFO("stderr: " << got.err.substr(0, 2000));
      CHECK(got.code == e.code);
      CHECK(lines.size() == e.expected.size());
      for (std::size_t i = 0; i < std::min(lines.size(), e.expected.size()); ++i) {
        INFO("expected: " << e.expected[i]);
        INFO("got:      " << lines[i]);
        CHECK(matches(lines[i], e.expected[i]));
      }
      if (e.error_text.empty()) {
        CHECK(got.err.empty());
      } else {
        CHECK_THAT(got.err, Catch::Contains(e.error_text));
        CHECK(lines_of(got.err).size() == 1);
      }
      ++replayed;
    }
  }
  CHECK(replayed >= 20);
}

TEST_CASE("the session in the README is what the program prints") {
  const scratch_folder folder;
  const auto lines = lines_of(slurp(COSETTA_SOURCE_DIR "/README.md"));
  std::size_t commands = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("    $ ")) continue;
    std::string expected;
    const std::string command = lines[i].substr(6);
    while (i + 1 < lines.size() && lines[i + 1].starts_with("    ")) expected += lines[++i].substr(4) + "\n";
    const auto got = shell(command, folder);
    INFO(command);
    CHECK(got.out + got.err == expected);
    ++commands;
  }
  CHECK(commands >= 5);
}

TEST_CASE("the tutorial is what the program does") { CHECK(follow(COSETTA_SOURCE_DIR "/docs/tutorial.md") >= 15); }

}  // namespace
}  // namespace transcript_test
}  // namespace cosetta::tests
