// Layers of value networks (kernels/dense_layers.hpp) as kernels of grids: activations and weights in bf16, sums in float32. Rows of
// activations are padded with zeros to multiples of 64 numbers, batches to multiples of 128 rows, whose last ones hold anything.
//
// Each kernel ends in the same tail: max(., 0), the sum with what was kept for a residual block, max(., 0) again, each where asked for,
// in float32, then one rounding to bf16; or the number as it is for the last layer. A network so is a launch for each linear layer and norm.
//
// Products: a tile of 128 rows by 128 (or 64) outputs is made by four warps, each of 64 x 64 (32 x 64), from pieces of 64 inputs which
// come to shared memory ahead by cp.async, three in flight; tensor cores multiply (mma.m16n8k16). In shared memory piece c of row r
// lies at c ^ (r mod 8), so that neither cp.async nor ldmatrix meets a bank twice. A warp reads 4 KB for 32 of its mma: 32 cycles of the
// memory for 32 of the tensor cores. On the host the same tiles are multiplied by plain loops; each thread makes the sums that it owns
// on the device. Sums of the tensor cores are in an order of their own: host and device agree to float32's rounding, and where all
// is an integer exactly.
//
// The first layer adds n rows of a table for each state. A slice of the outputs, for which the table fits shared memory, belongs to a
// block of threads, that goes through all states: reads of 16 bytes from there are five times as fast as from the second cache.
//
// On an H100 (132 multiprocessors, 1.7 GHz, 989 Tflop/s in bf16, of which mma.sync reaches some 60 %, 3.3 TB/s). A state, for hidden
// layers of h numbers:
//   product h x h   2 h^2 flop = 0.13 M (256), 0.52 M (512): at 40 % of the peak, 396 Tflop/s, 0.33 ns and 1.32 ns
//   its bytes       2 h read, 2 h written, 2 h of a residual: 1.5 KB and 3 KB, 0.45 ns and 0.9 ns from memory; chunks of rows are cut so
//                   that activations fit the second cache, about twice as fast
//   the table       n h 2 bytes from shared memory, 28 TB/s less conflicts and unpacking: n = 54, h = 512: 55 KB, some 3 ns
// So 2916-512-256-1 (54 stickers) makes about 2.5e8 states a second, bound by its table, and 144-256-256-256-1 with a residual
// block about 8e8 by these counts; they are estimates: nothing was measured.
#pragma once

#include <kernels/cuda/bf16.hpp>
#include <kernels/cuda/grid.hpp>

#include <cmath>

namespace cosetta::kernels {

inline constexpr std::uint32_t activation_block = 64;  // numbers
inline constexpr std::uint32_t batch_block = 128;      // rows

constexpr std::uint32_t padded_to(std::uint32_t n, std::uint32_t block) { return (n + block - 1) / block * block; }

/// What all layers end in.
struct layer_tail {
  grid::bf16* out;          // rows of `stride` numbers
  std::uint32_t stride;
  std::uint32_t count;      // rows
  const grid::bf16* kept;   // null, or what is added; of the same stride
  bool relu_first, relu_last;
  float* scores;            // of the last layer, which has one output: in place of `out`
  float scale;              // of scores

  /// Eight numbers of a row, whose first column is a multiple of eight.
  COSETTA_GRID void finish(std::uint32_t row, std::uint32_t column, float* x) const {
    if (row >= count || column >= stride) return;
    if (relu_first) clip(x);
    const std::uint64_t place = std::uint64_t{row} * stride + column;
    if (kept != nullptr) {
      float more[8];
      grid::unpack(*reinterpret_cast<const grid::eight_bf16*>(kept + place), more);
      for (int i = 0; i < 8; ++i) x[i] += more[i];
    }
    if (relu_last) clip(x);
    if (scores != nullptr) {
      if (column == 0) scores[row] = x[0] * scale;
    } else {
      *reinterpret_cast<grid::eight_bf16*>(out + place) = grid::packed(x);
    }
  }
  COSETTA_GRID static void clip(float* x) {
    for (int i = 0; i < 8; ++i) x[i] = x[i] > 0 ? x[i] : 0.0F;
  }
};

/// out[o] = bias[o] + the sum over the bytes v of a row of table[v n + row[v]][o]. `Near`: the slice of the table lies in shared memory.
template <bool Near>
struct one_hot_rows {
  static constexpr std::uint32_t most_threads = 512;
  static constexpr int phases = 1;
  using shared_data = nothing_shared;
  struct thread_data {};

  const std::uint8_t* rows;  // `row_stride` apart, a multiple of 4, at multiples of 4
  std::uint32_t row_stride;
  std::uint32_t n;
  std::uint32_t slice;       // outputs, a multiple of 8: a power of two up to 64
  std::uint32_t slices;
  const grid::bf16* table;   // [slices][n * n][slice]
  const float* bias;         // [slices * slice]
  layer_tail tail;

  static std::uint32_t table_bytes(std::uint32_t n, std::uint32_t slice) { return n * n * slice * 2; }

  COSETTA_GRID std::uint32_t rows_of_tile(const grid_place& at) const { return at.threads / (slice / 8); }
  COSETTA_GRID std::uint32_t copies(const grid_place& at) const { return at.blocks / slices; }  // blocks of each slice
  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const std::uint32_t tiles = (tail.count + rows_of_tile(at) - 1) / rows_of_tile(at);
    const std::uint32_t copy = at.block / slices;
    return copy >= tiles || copy >= copies(at) ? 0 : (tiles - copy + copies(at) - 1) / copies(at);
  }
  COSETTA_GRID const grid::eight_bf16* sliced(std::uint32_t s) const { return reinterpret_cast<const grid::eight_bf16*>(table + std::uint64_t{s} * n * n * slice); }
  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const {
    if constexpr (Near) {
      const auto* const from = sliced(at.block % slices);
      auto* const to = reinterpret_cast<grid::eight_bf16*>(at.extra);
      for (std::uint32_t i = at.thread; i < n * n * (slice / 8); i += at.threads) to[i] = from[i];
    }
  }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}

  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const std::uint32_t parts = slice / 8, part = at.thread % parts;
    const std::uint32_t row = (at.block / slices + round * copies(at)) * rows_of_tile(at) + at.thread / parts;
    if (row >= tail.count) return;
    const std::uint32_t column = at.block % slices * slice + 8 * part;
    const auto* from = (Near ? reinterpret_cast<const grid::eight_bf16*>(at.extra) : sliced(at.block % slices)) + part;
    const auto* const places = reinterpret_cast<const std::uint32_t*>(rows + std::uint64_t{row} * row_stride);
    float sums[8];
    for (int i = 0; i < 8; ++i) sums[i] = bias[column + i];
    std::uint32_t v = 0;
    for (; v + 4 <= n; v += 4) {
      const std::uint32_t four = places[v / 4];
#if defined(__CUDA_ARCH__)
#pragma unroll
#endif
      for (std::uint32_t t = 0; t < 4; ++t, from += n * parts) add(sums, from[(four >> 8 * t & 0xff) * parts]);
    }
    if (v < n) {
      const std::uint32_t four = places[v / 4];
      for (std::uint32_t t = 0; v + t < n; ++t, from += n * parts) add(sums, from[(four >> 8 * t & 0xff) * parts]);
    }
    tail.finish(row, column, sums);
  }
  COSETTA_GRID static void add(float* sums, const grid::eight_bf16& entry) {
    float more[8];
    grid::unpack(entry, more);
    for (int i = 0; i < 8; ++i) sums[i] += more[i];
  }
};

/// Layer norms; scales and shifts of each number, as batch norms are; and nothing but the tail. Thirty-two threads a row.
struct norm_rows {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr std::uint32_t lanes = 32;
  static constexpr int phases = 3;
  struct shared_data {
    float sums[2][most_threads];
  };
  struct thread_data {
    float mean;
  };
  enum class what : std::uint32_t { layer_norm, affine, nothing };

  what kind;
  const grid::bf16* in;
  std::uint32_t size;   // of a row's numbers, tail.stride with what pads them
  const float* scale;   // [tail.stride], zeros behind size
  const float* shift;
  float epsilon;
  layer_tail tail;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const std::uint64_t together = at.total() / lanes;
    return static_cast<std::uint32_t>((tail.count + together - 1) / together);
  }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}

  COSETTA_GRID static float sum_of(const float* sums, std::uint32_t thread) {
    const float* const from = sums + thread / lanes * lanes;
    float sum = 0;
    for (std::uint32_t i = 0; i < lanes; ++i) sum += from[i];
    return sum;
  }
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data& own) const {
    const auto row = static_cast<std::uint32_t>((round * at.total() + at.global()) / lanes);
    const std::uint32_t lane = at.thread % lanes;
    if (row >= tail.count || (Phase < 2 && kind != what::layer_norm)) return;
    const auto* const numbers = reinterpret_cast<const grid::eight_bf16*>(in + std::uint64_t{row} * tail.stride);
    float variance = 0, sum = 0;
    if constexpr (Phase == 1) own.mean = sum_of(shared.sums[0], at.thread) / static_cast<float>(size);
    if constexpr (Phase == 2) variance = kind == what::layer_norm ? sum_of(shared.sums[1], at.thread) / static_cast<float>(size) : 0;
    for (std::uint32_t k = lane; 8 * k < tail.stride; k += lanes) {
      float x[8];
      grid::unpack(numbers[k], x);
      if constexpr (Phase == 2) {
        change(x, 8 * k, own.mean, sqrtf(variance + epsilon));
        tail.finish(row, 8 * k, x);
      } else {
        for (std::uint32_t i = 0; i < 8; ++i) {
          const float away = x[i] - own.mean;  // in phase 0 from 0
          sum += 8 * k + i >= size ? 0.0F : Phase == 0 ? x[i] : away * away;
        }
      }
    }
    if constexpr (Phase < 2) shared.sums[Phase][at.thread] = sum;
  }
  COSETTA_GRID void change(float* x, std::uint32_t column, float mean, float deviation) const {
    if (kind == what::nothing) return;
    for (std::uint32_t i = 0; i < 8; ++i) {
      const float y = kind == what::layer_norm ? (x[i] - mean) / deviation : x[i];
      x[i] = y * scale[column + i] + shift[column + i];
    }
  }
};

/// Linear layers with one output: a dot product with weights in float32, by thirty-two threads.
struct dot_rows {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr std::uint32_t lanes = 32;
  static constexpr int phases = 2;
  struct shared_data {
    float sums[most_threads];
  };
  struct thread_data {};

  const grid::bf16* in;
  std::uint32_t in_stride;
  const float* weights;  // [in_stride]
  float bias;
  layer_tail tail;       // of rows of activation_block numbers

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const std::uint64_t together = at.total() / lanes;
    return static_cast<std::uint32_t>((tail.count + together - 1) / together);
  }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const auto row = static_cast<std::uint32_t>((round * at.total() + at.global()) / lanes);
    const std::uint32_t lane = at.thread % lanes;
    if (row >= tail.count) return;
    if constexpr (Phase == 0) {
      const auto* const numbers = reinterpret_cast<const grid::eight_bf16*>(in + std::uint64_t{row} * in_stride);
      float sum = 0;
      for (std::uint32_t k = lane; 8 * k < in_stride; k += lanes) {
        float x[8];
        grid::unpack(numbers[k], x);
        for (std::uint32_t i = 0; i < 8; ++i) sum += x[i] * weights[8 * k + i];
      }
      shared.sums[at.thread] = sum;
    } else if (8 * lane < tail.stride) {
      float x[8] = {};
      if (lane == 0) x[0] = norm_rows::sum_of(shared.sums, at.thread) + bias;
      tail.finish(row, 8 * lane, x);
    }
  }
};

}  // namespace cosetta::kernels
