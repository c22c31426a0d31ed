// What bench_groups times, and the same in GAP: a script of all jobs, run once, whose answers come back line by line.
#pragma once

#include <groups/permutation.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace cosetta::benchmarks {

using permutations = std::vector<groups::permutation>;

/// A time that was asked for: GAP's over ours at least, or ours at most. Zero: nothing was asked.
struct target {
  double least_ratio = 0;
  double most_seconds = 0;
};

constexpr target faster(double ratio) {
  return {.least_ratio = ratio};
}
constexpr target within(double seconds) {
  return {.most_seconds = seconds};
}

/// When GAP answers: in one process with others, in a process of its own under the limit, or under --all only.
enum class gap_turn { shared, alone, hopeless };

struct job {
  std::string name;
  std::string degree;
  std::function<std::string()> base;                   // its length; empty where that means nothing
  std::function<std::string(std::uint64_t seed)> run;  // one repetition; its answer
  std::string gap_setup;                               // statements, not timed
  std::string gap_work;                                // an expression, the answer
  target wanted;
  std::string expected;   // from the literature; may be empty
  double operations = 1;  // in one repetition
  gap_turn turn = gap_turn::shared;
};

struct timing {
  double seconds = 0;  // one operation
  std::string answer;
  double worst = 0;
};

class scratch_folder {
 public:
  scratch_folder() : path_((std::filesystem::temp_directory_path() / "bench_groups.XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make a folder in place of " + path_);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path path() const { return path_; }

 private:
  std::string path_;
};

struct gap_program {
  bool present = false;
  double limit = 30;  // CPU-seconds
  scratch_folder folder;

  /// What GAP prints when it reads the text; as far as it got when the limit was reached.
  std::string read(const std::string& text, double seconds) const {
    const auto script = folder.path() / "bench.g";
    std::ofstream(script) << "SetPrintFormattingStatus(\"*stdout*\", false);\n" << text << "QUIT_GAP(0);\n";
    const auto command = fmt::format("ulimit -t {:.0f}; exec gap -r -q -T '{}' </dev/null 2>/dev/null",
                                     std::ceil(seconds) + 2, script.string());
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot start a shell");
    std::array<char, 1 << 16> buffer;
    while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
    pclose(pipe);
    return out;
  }

  /// The times and answers of jobs, by their numbers; those that it did not get to are missing.
  std::map<std::size_t, timing> measure(const std::vector<job>& jobs, const std::vector<std::size_t>& which,
                                        double seconds) const {
    std::string text = R"(now := function() local r; r := Runtimes(); return r.user_time + r.system_time; end;;
bench := function(number, work)
  local times, count, t, i, answer;
  GASMAN("collect");
  times := []; count := 1;
  repeat
    t := now();
    for i in [1..count] do answer := work(); od;
    t := now() - t;
    if t >= 50 then Add(times, t * 1000000 / count); else count := count * Minimum(20, 2 + QuoInt(60, t + 1)); fi;
  until Length(times) = 3 or (Length(times) = 1 and t >= 1000);
  Sort(times);
  Print("@ ", number, " ", Int(times[QuoInt(Length(times) + 1, 2)]), " ", answer, "\n");
end;;
)";
    for (const auto i : which)
      text += jobs[i].gap_setup + fmt::format("bench({}, function() return {}; end);;\n", i, jobs[i].gap_work);
    std::istringstream lines(read(text, seconds));
    std::map<std::size_t, timing> out;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string mark, answer;
      std::size_t number = 0;
      double nanoseconds = 0;
      if (words >> mark >> number >> nanoseconds >> answer && mark == "@" && number < jobs.size())
        out[number] = {1e-9 * nanoseconds / jobs[number].operations, answer};
    }
    return out;
  }

  /// Generators of the primitive group of this degree and order; none when the library lacks it.
  std::map<std::string, permutations> primitive_groups(
      const std::vector<std::pair<std::size_t, std::string>>& degrees_and_orders) const {
    std::string text;
    for (const auto& [degree, order] : degrees_and_orders) {
      text += fmt::format(
          "for i in [1..NrPrimitiveGroups({0})-2] do g:=PrimitiveGroup({0},i);; if Size(g)={1} then "
          "for x in GeneratorsOfGroup(g) do Print(\"generator {1}\"); for y in ListPerm(x,{0}) do Print(\" \",y-1); "
          "od; "
          "Print(\"\\n\"); od; fi; od;\n",
          degree, order);
    }
    std::istringstream lines(read(text, limit));
    std::map<std::string, permutations> out;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string mark, order;
      if (!(words >> mark >> order) || mark != "generator") continue;
      std::vector<groups::point> images;
      for (groups::point p = 0; words >> p;) images.push_back(p);
      out[order].push_back(groups::make_permutation(images));
    }
    return out;
  }
};

}  // namespace cosetta::benchmarks
