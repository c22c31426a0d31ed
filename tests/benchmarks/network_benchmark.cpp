// Speed of network layers in each variant, next to what the processor can do at most, measured in the same run.
//
//   bench_network [N]        labels (24); hidden layers of 256 and of 1024, two of them behind the first, and one output
//
// An operation is a multiplication or an addition. The peak is that of a loop of independent multiply-adds in registers, with vectors of the
// variant. CPU time, best of several rounds, so that it can be compared on a busy machine.
#include <kernels/byte_rows.hpp>
#include <kernels/dense_layers.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <random>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cosetta::kernels;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Seconds of one call, the best of rounds of at least 20 ms.
template <class Work>
double best_seconds(const Work& work) {
  double best = 1e9;
  for (int round = 0; round < 12; ++round) {
    const double start = cpu_seconds();
    std::size_t calls = 0;
    do {
      work();
      ++calls;
    } while (cpu_seconds() < start + 0.02);
    best = std::min(best, (cpu_seconds() - start) / static_cast<double>(calls));
  }
  return best;
}

#if defined(__x86_64__)
// Twelve chains hide the latency; the loop touches no memory.
#define COSETTA_CHAINS(instruction, r)                                                                                                             \
  instruction " %%" r "15,%%" r "15,%%" r "0\n" instruction " %%" r "15,%%" r "15,%%" r "1\n" instruction " %%" r "15,%%" r "15,%%" r "2\n"           \
  instruction " %%" r "15,%%" r "15,%%" r "3\n" instruction " %%" r "15,%%" r "15,%%" r "4\n" instruction " %%" r "15,%%" r "15,%%" r "5\n"           \
  instruction " %%" r "15,%%" r "15,%%" r "6\n" instruction " %%" r "15,%%" r "15,%%" r "7\n" instruction " %%" r "15,%%" r "15,%%" r "8\n"           \
  instruction " %%" r "15,%%" r "15,%%" r "9\n" instruction " %%" r "15,%%" r "15,%%" r "10\n" instruction " %%" r "15,%%" r "15,%%" r "11\n"
#define COSETTA_LOOP(instruction, r)                                                                                                                \
  for (int i = 0; i < 100000; ++i) {                                                                                                              \
    asm volatile(COSETTA_CHAINS(instruction, r)::                                                                                                   \
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm15");                 \
  }
/// Instructions a CPU second.
double peak_rate(instruction_set set, bool eight_bits) {
  const double seconds = best_seconds([&] {
    if (set == instruction_set::avx512 && eight_bits) {
      COSETTA_LOOP("vpdpbusd", "zmm")
    } else if (set == instruction_set::avx512) {
      COSETTA_LOOP("vfmadd231ps", "zmm")
    } else if (eight_bits) {
      COSETTA_LOOP("vpmaddubsw", "ymm")
    } else {
      COSETTA_LOOP("vfmadd231ps", "ymm")
    }
  });
  return 1'200'000 / seconds;
}
/// In 10^9 operations; 0: not known. On AVX2 eight bits take three instructions for 32 products.
double peak(instruction_set set, bool eight_bits) {
  if (set == instruction_set::scalar) return 0;
  const double lanes = set == instruction_set::avx512 ? 16 : 8;
  return peak_rate(set, eight_bits) * lanes * 2 * (eight_bits ? 4 : 1) * 1e-9;
}
#else
double peak(instruction_set, bool) { return 0; }
#endif

struct sample {
  std::size_t n, hidden, count;
  std::vector<std::uint8_t> rows;
  std::vector<float> table, bias, square, last;
};

sample make_sample(std::size_t n, std::size_t hidden, std::size_t count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<float> uniform(-0.1F, 0.1F);
  const auto floats = [&](std::size_t size) {
    std::vector<float> out(size);
    for (auto& x : out) x = uniform(random);
    return out;
  };
  sample s{n, hidden, count, std::vector<std::uint8_t>(count * byte_row_stride(n)), floats(n * n * hidden), floats(hidden), floats(hidden * hidden), floats(hidden)};
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = s.rows.begin() + static_cast<std::ptrdiff_t>(i * byte_row_stride(n));
    std::iota(at, at + static_cast<std::ptrdiff_t>(byte_row_stride(n)), std::uint8_t{0});
    std::shuffle(at, at + static_cast<std::ptrdiff_t>(n), random);
  }
  return s;
}

void measure(const sample& s, instruction_set set, bool eight_bits) {
  const auto& k = dense_kernels_for(set);
  const one_hot_layer first(s.n, s.hidden, s.table, s.bias, eight_bits);
  const dense_layer square(s.hidden, s.hidden, s.square, s.bias, k.panel), last(s.hidden, 1, s.last, {0.0F}, k.panel);
  const int8_layer small(s.hidden, s.hidden, s.square, s.bias, k.panel, false);
  const auto width = first.width();
  word_array a(s.count * width / 2 + 8), b(s.count * width / 2 + 8), scratch(s.count * width / 8 + 8);
  auto *x = reinterpret_cast<float*>(a.data()), *y = reinterpret_cast<float*>(b.data());
  const auto begin = [&] {
    k.one_hot(first, s.rows.data(), byte_row_stride(s.n), s.count, x);
    k.relu(s.count * width, x);
  };
  const auto hidden = [&](const float* from, float* to) {
    eight_bits ? k.dense_int8(small, from, s.count, reinterpret_cast<std::uint8_t*>(scratch.data()), to) : k.dense(square, from, s.count, to);
  };
  begin();
  const double first_seconds = best_seconds(begin);
  begin();
  const double layer = best_seconds([&] { hidden(x, y); });
  const double all = best_seconds([&] {
    begin();
    for (int i = 0; i < 2; ++i) {
      hidden(x, y);
      k.relu(s.count * width, y);
      std::swap(x, y);
    }
    k.dense(last, x, s.count, y);
  });
  const auto rows = static_cast<double>(s.count);
  const double operations = 2e-9 * static_cast<double>(s.hidden * s.hidden) * rows, most = peak(set, eight_bits);
  fmt::print("| {} | {} | {} | {} | {:.1f} | {} | {:.0f} | {:.0f} |\n", s.hidden, to_string(set), eight_bits ? "int8" : "float32",
             most > 0 ? fmt::format("{:.0f}", most) : "", operations / layer, most > 0 ? fmt::format("{:.0f} %", 100 * operations / layer / most) : "", rows / first_seconds / 1e3,
             rows / all / 1e3);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n = argc > 1 ? std::clamp<std::size_t>(std::strtoull(argv[1], nullptr, 10), 2, 250) : 24;
  fmt::print("| hidden | variant | precision | peak, GOP/s | hidden layer, GOP/s | of the peak | first layer, thousand rows/s | network, thousand rows/s |\n|---|---|---|---:|---:|---:|---:|---:|\n");
  for (const std::size_t hidden : {256, 1024}) {
    const auto s = make_sample(n, hidden, hidden == 256 ? 96 : 60);
    for (const auto set : all_instruction_sets()) {
      if (!is_supported(set)) continue;
      for (const bool eight_bits : {false, true}) measure(s, set, eight_bits);
    }
  }
  return 0;
}
