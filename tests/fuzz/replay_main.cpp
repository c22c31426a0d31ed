// Runs the fuzz target without libFuzzer: on small valid inputs of every format, and on random mutations of them.
//
//   fuzz_replay [SEED [COUNT]]     the same seed gives the same inputs; 20000 mutations unless told otherwise
//
// A finding is printed as the input that caused it and ends the program with 1; so does an input that takes a minute.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using std::string_literals::operator""s;

constexpr unsigned longest_seconds = 60;

/// Two bytes, the parser and the first point, then the text.
std::string input(char parser, char first_point, const std::string& text) {
  return std::string{parser, first_point} + text;
}

std::vector<std::string> valid_inputs() {
  std::vector<std::string> seeds;
  for (const char* spec : {"lrx:12",
                           "lrx:12,k=3",
                           "lrx-8",
                           "lx:n=5",
                           "top_spin:8,4",
                           "coxeter:6",
                           "cyclic_coxeter:4",
                           "pancake:5",
                           "cubic_pancake:7,3",
                           "burnt_pancake:3",
                           "stars:5",
                           "generalized_stars:6,k=2",
                           "rapaport_m1:6",
                           "rapaport_m2:7",
                           "derangements:4",
                           "involutive_derangements:6",
                           "square_with_whiskers:7,1",
                           "sheveleva2:7,2",
                           "koltsov3:7,1,2,3",
                           "three_cycles:5",
                           "three_cycles_0ij:5",
                           "01i:6",
                           "all_cycles:4",
                           "lsl_cycles:6,false",
                           "wrapped_k_cycles:6,3",
                           "increasing_k_cycles:6,3",
                           "consecutive_k_cycles:6,3",
                           "down_cycles:5",
                           "prefix_cycles:6",
                           "larx:6",
                           "all_transpositions:5",
                           "transposons:5",
                           "block_interchange:4",
                           "full_reversals:5",
                           "signed_reversals:3",
                           "conjugacy_classes:5,2.2,3",
                           "conjugacy_classes:5,3*4,seed=2",
                           "rand_generators:8,2,seed=7",
                           "heisenberg:3,modulo=5",
                           "heisenberg:4,2,no",
                           "special_linear_fundamental_roots:2,modulo=7",
                           "sl_root_weyl:3,4",
                           "rubik_cube:2,metric=fixed_HTM",
                           "rubik_cube:3,QTM",
                           "rubik_cube:2,ATM",
                           "cube_2/2/2_6gensQTM",
                           "globe:1,2",
                           "hungarian_rings:4,1,4,1",
                           "wreath:10",
                           "mini_pyramorphix",
                           "puzzle:pyraminx",
                           "puzzle:2x2x2_+_dino"}) {
    seeds.push_back(input(0, 0, spec));
  }
  seeds.push_back(input(1, 1,
                        "# a puzzle\nM_M_F:=(1,14,16,11)(2,15,17,12)(3,13,18,10);\nM_R:=(1,6,22,15)(2,4,23,13);\n"
                        "Gen:=[\nM_M_F,M_R\n];\nip:=[[1,2,3],[4,5],[6]];\n"));
  seeds.push_back(input(1, 0, "a:=(1,2);b:=(2,3) ;\r\nc:=\n(1, 3,\n 5);G:=Group((1,2,3),(1,2));id:=();"));
  seeds.push_back(
      input(2, 0, R"({"name": "x", "central_state": [0, 0, 1], "generators": {"z": [1, 2, 0], "a": [1, 0, 2]}})"));
  seeds.push_back(input(2, 1, R"({"generators": [[2, 3, 1], [2, 1, 3]], "generator_names": ["b", "a"]})"));
  seeds.push_back(input(
      2, 0,
      R"({"generators": {"u": [[1, -1], [0, 1]], "v": [[0, 1], [-1, 0]]}, "modulus": 6, "central_state": [3, 4]})"));
  seeds.push_back(input(2, 0, R"({"moves": [[[1, 1], [0, 1]]], "modulo": 0, "central": [[1, 0, 2], [0, 1, -3]]})"));
  seeds.push_back(input(2, 0, R"({"graph": {"spec": "lrx:8"}})"));
  seeds.push_back(
      input(3, 0,
            "Name x\nSet CORNERS 4 3\nSet EDGES 3 2\n\nSolved\nCORNERS\n1 2 3 3\n0 ? 0 1\nEDGES\n1 2 3\nEnd\n"
            "Move F\nCORNERS\n2 3 1 4\n1 0 2 0\nEDGES\n2 1 3\n0 1 0\nEnd\nMove R\nCORNERS\n1 2 4 3\nEnd\n"));
  seeds.push_back(
      input(3, 0, "Set C 2 1\nForbiddenPairs\nA B\nEnd\nStartState\nC\n1 2\nEnd\nMoveTransformation A\nC\n2 1\nEnd\n"));
  seeds.push_back(input(
      4, 0,
      "small\npuzzle_type,allowed_moves\nother,\"{'f0': [0, 2, 1]}\"\nsmall,\"{'r': [1, 2, 0], 'a': [1, 0, 2]}\"\n"));
  seeds.push_back(input(4, 0, "\nx,\"{'r': [1, 0]}\""));
  for (const char* text : {"[1,0,2]", "1 0 2", "(0 1)(2 3 4)", "()", "[]", " ( 0 , 5 ) (5,0) "})
    seeds.push_back(input(5, 0, text));
  for (const char* text : {"[2,1,3]", "(1,2,3)(4,5)", "(1 300)(300 2)"}) seeds.push_back(input(5, 1, text));
  for (const char* text : {"000111", "0,0,0,1,1,1", "[10, 2,0]", "[[1,2],[0,1]]", "9223372036854775807,1"})
    seeds.push_back(input(6, 0, text));
  for (const char* text : {"a,b|a^2,b^3,(a*b)^7", "a,b|a^2=b^3=(a.b)^5,[a,b]^-2|a*b'", "x1,x2|x1^x2=x1^2,x2^x1=x2^2", "a|1"}) {
    seeds.push_back(input(8, 0, text));
  }
  for (const char* text : {"L.L.X", "f0'.-f0.f0_inv", "", "-f1.r_inv.(0,1).f1'"}) seeds.push_back(input(7, 0, text));
  return seeds;
}

class mutator {
 public:
  mutator(std::vector<std::string> seeds, std::uint64_t seed) : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
    if (text.size() < 2) text.resize(2);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  /// A position of the text proper; the two leading bytes are changed rarely.
  std::size_t position(const std::string& text) {
    const std::size_t first = below(50) == 0 ? 0 : 2;
    return text.size() <= first ? text.size() : first + below(text.size() - first + 1);
  }

  void change(std::string& text) {
    static const std::vector<std::string> pieces = {"0",
                                                    "1",
                                                    "9",
                                                    "-1",
                                                    "2147483648",
                                                    "4294967296",
                                                    "9223372036854775807",
                                                    "9223372036854775808",
                                                    "-9223372036854775808",
                                                    "18446744073709551616",
                                                    "99999999999999999999",
                                                    "1000000000",
                                                    "1048576",
                                                    "1048577",
                                                    "1e9",
                                                    "0.5",
                                                    "(",
                                                    ")",
                                                    "[",
                                                    "]",
                                                    "{",
                                                    "}",
                                                    ",",
                                                    ";",
                                                    ":=",
                                                    ":",
                                                    "=",
                                                    "#",
                                                    "\"",
                                                    "'",
                                                    "\n",
                                                    "\r\n",
                                                    "\t",
                                                    " ",
                                                    "?",
                                                    "*",
                                                    ".",
                                                    "-",
                                                    "M_",
                                                    "ip",
                                                    "End\n",
                                                    "Set C 2 2\n",
                                                    "Move a\n",
                                                    "null",
                                                    "true",
                                                    "[[1,0],[0,1]]",
                                                    "\\u0000",
                                                    "\xff",
                                                    "\0"s,
                                                    "Group(",
                                                    "seed=",
                                                    "k=",
                                                    "modulus"};
    const std::size_t at = position(text);
    const std::size_t length = at < text.size() ? 1 + below(std::min<std::size_t>(text.size() - at, 1 + below(16))) : 0;
    switch (below(8)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 4:
        text.replace(at, length, pieces[below(pieces.size())]);
        break;
      case 5:
        text.insert(at, text.substr(at, length));
        break;
      case 6: {
        const std::string& other = seeds_[below(seeds_.size())];
        const std::size_t from = below(other.size());
        text.insert(at, other.substr(from, 1 + below(24)));
        break;
      }
      default:
        if (below(4) == 0) text.resize(at);
        if (at < text.size()) text[at] = static_cast<char>('0' + below(10));
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

std::string current;  // what LLVMFuzzerTestOneInput is working on

void print_current() {
  std::string shown = "input (" + std::to_string(current.size()) + " bytes): \"";
  for (const char c : current) {
    char escaped[8];
    const auto byte = static_cast<unsigned char>(c);
    std::snprintf(escaped, sizeof escaped, byte < 32 || byte > 126 || c == '"' || c == '\\' ? "\\x%02x" : "%c", byte);
    shown += escaped;
  }
  shown += "\"\n";
  const auto written = write(STDERR_FILENO, shown.data(), shown.size());
  static_cast<void>(written);
}

extern "C" void on_signal(int number) {
  print_current();
  std::fprintf(stderr, "%s\n", number == SIGALRM ? "took too long" : "crashed");
  std::_Exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t seed = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20240607;
  const std::uint64_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20'000;
  std::printf("seed %llu, %llu mutations\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(count));
  std::fflush(stdout);
  std::signal(SIGALRM, on_signal);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(print_current);  // the sanitizer's own report comes first
  } else {
    for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS}) std::signal(number, on_signal);
  }
  const auto seeds = valid_inputs();
  mutator mutations(seeds, seed);
  std::string slowest;
  double most_seconds = 0;
  for (std::uint64_t i = 0; i < seeds.size() + count; ++i) {
    current = i < seeds.size() ? seeds[i] : mutations.next();
    alarm(longest_seconds);
    const auto start = std::chrono::steady_clock::now();
    try {
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
    } catch (const std::exception& e) {
      print_current();
      std::fprintf(stderr, "finding: %s\n", e.what());
      return 1;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (seconds > most_seconds) {
      most_seconds = seconds;
      slowest = current;
    }
  }
  alarm(0);
  current = slowest;
  std::printf("no findings; the slowest took %.3f s\n", most_seconds);
  std::fflush(stdout);
  if (most_seconds > 1) print_current();
  return 0;
}
