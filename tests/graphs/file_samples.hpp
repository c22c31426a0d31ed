// What the tests of generator files share.
#pragma once

#include <graphs/graph_definition.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/graphs/catalogue_samples.hpp>
#include <unistd.h>

namespace cosetta::tests {

/// The message of the `Error` that `work` throws; anything else, or nothing, fails the test.
template <class Error, class Work>
std::string refusal(const Work& work) {
  try {
    static_cast<void>(work());
  } catch (const Error& e) {
    return e.what();
  } catch (const std::exception& e) {
    FAIL_CHECK("another error: " << e.what());
    return "";
  }
  FAIL_CHECK("no error");
  return "";
}

inline std::vector<std::size_t> layers(const graph_definition& graph, std::size_t most_vertices = 100'000) {
  std::set<state> seen{graph.central()};
  std::vector<state> current{graph.central()};
  std::vector<std::size_t> sizes;
  while (!current.empty()) {
    sizes.push_back(current.size());
    if (seen.size() > most_vertices) break;
    std::vector<state> next;
    for (const auto& s : current) {
      for (std::size_t g = 0; g < graph.generator_count(); ++g) {
        state image = graph.apply(g, s);
        if (seen.insert(image).second) next.push_back(std::move(image));
      }
    }
    current = std::move(next);
  }
  return sizes;
}

/// A folder of its own that goes away with the test.
class temporary_folder {
 public:
  temporary_folder() : path_(std::filesystem::temp_directory_path() / ("cosetta_formats_" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::filesystem::path shared_data() {
  if (const char* given = std::getenv("COSETTA_SHARED_DATA")) return given;
#ifdef COSETTA_SOURCE_DIR
  return std::filesystem::path(COSETTA_SOURCE_DIR) / ".." / "shared" / "data";
#else
  return "/nonexistent";
#endif
}

}  // namespace cosetta::tests
