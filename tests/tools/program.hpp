// Runs the program under test through a shell, in a folder of its own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/wait.h>

namespace cosetta::tests {

struct outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A new empty folder below the system's temporary one; removed at the end.
class scratch_folder {
 public:
  scratch_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cosetta-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

/// Runs a shell command in which `cosetta` is the program under test.
inline outcome shell(const std::string& command, const scratch_folder& folder) {
  const auto out = folder.path() / ".out";
  const auto err = folder.path() / ".err";
  const std::string program = std::filesystem::path(COSETTA_PROGRAM).parent_path().string();
  std::ofstream(folder.path() / ".command")
      << "cd '" << folder.path().string() << "' && PATH='" << program << "':$PATH\n"
      << command << "\n";
  const int status = std::system(
      ("sh '" + (folder.path() / ".command").string() + "' >'" + out.string() + "' 2>'" + err.string() + "' </dev/null")
          .c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
}

/// Shell text that waits until the shell's condition holds, for two minutes at most; the second, until process $p
/// attends to Ctrl-C, however slowly it starts: the program blocks SIGINT, and a thread waits for it.
inline std::string until(const std::string& condition) {
  return "for i in $(seq 6000); do " + condition + " && break; sleep 0.02; done; ";
}
inline const std::string until_attentive = until("grep -q '^SigBlk:.*[2367abef]$' /proc/$p/status");

/// A network file (docs/networks.md) that says minus the number of labels at home: n^2 weights and a bias.
inline std::string counting_network(std::size_t n) {
  const auto in = std::to_string(n * n);
  std::string out = R"({"format": "cosetta.network", "version": 1, "degree": )" + std::to_string(n) + R"(, "encoding": "one_hot", "layers": [{"type": "linear", "in": )" + in +
                    R"(, "out": 1}]})" "\n";
  for (std::size_t i = 0; i <= n * n; ++i) out += i < n * n && i % (n + 1) == 0 ? std::string("\0\0\x80\xbf", 4) : std::string(4, '\0');
  return out;
}

/// The tables and files that examples in help pages speak of.
inline void add_example_files(const scratch_folder& folder) {
  folder.write(
      "tables/lrx_cayley_growth.csv",
      "3,\"[1, 3, 2]\"\n4,\"[1, 3, 5, 6, 5, 3, 1]\"\n5,\"[1, 3, 6, 10, 16, 24, 29, 21, 6, 3, 1]\"\n"
      "7,\"[1, 3, 6, 12, 22, 42, 73, 124, 203, 303, 425, 559, 678, 713, 746, 611, 355, 122, 28, 10, 3, 1]\"\n");
  folder.write("tables/small_groups.jsonl",
               R"({"name":"S3","degree":3,"generators":[[1,2,0],[1,0,2]],"order":"6","is_abelian":false})"
               "\n"
               R"({"name":"M11","degree":11,"generators":[[1,2,3,4,5,6,7,8,9,10,0],[0,1,6,9,5,3,10,2,8,4,7]],"order":7920,"is_simple":true})"
               "\n");
  folder.write("moves.gap", "M_F:=(1,2,3);\nM_R:=(3,4);\nGen:=[M_F,M_R];\n");
  folder.write("lx.csv", "n,diameter\n4,6\n5,11\n6,18\n7,25\n8,35\n9,45\n10,58\n11,71\n12,87\n");
  folder.write("lx12.json", R"({"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 12]}]})");
  folder.write("lx.json", R"({"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 8]}]})");
  folder.write("pairs.json", R"({"name": "pairs", "graphs": [{"subsets": {"degree": 5, "size": 2, "class": "all"}, "up_to": "conjugacy_and_inversion"}], "measures": ["diameter", "order"]})");
  folder.write("lrx-12.net", counting_network(12));
}

}  // namespace cosetta::tests
