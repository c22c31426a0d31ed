// The product of dense_grid.hpp: rows of activations times the weights of a linear layer, by tiles, on tensor cores.
#pragma once

#include <kernels/cuda/dense_grid.hpp>

namespace cosetta::kernels {

namespace grid {

/// Copies 16 bytes to shared memory, some time before copies_done() says so.
COSETTA_GRID inline void begin_copy(eight_bf16* to, const eight_bf16* from) {
#if defined(__CUDA_ARCH__)
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(static_cast<std::uint32_t>(__cvta_generic_to_shared(to))), "l"(from) : "memory");
#else
  *to = *from;
#endif
}
/// The thread's copies since the last call are a group.
COSETTA_GRID inline void close_copies() {
#if defined(__CUDA_ARCH__)
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}
/// Waits for all of the thread's groups but the last `Open`.
template <int Open>
COSETTA_GRID inline void copies_done() {
#if defined(__CUDA_ARCH__)
  asm volatile("cp.async.wait_group %0;" ::"n"(Open) : "memory");
#endif
}

#if defined(__CUDA_ARCH__)
/// Four matrices of 8 x 8, of which each lane gives a row's place: lanes 8 m to 8 m + 7 those of matrix m. Lane l gets numbers
/// 2 (l mod 4) and the next of row l / 4 of each.
__device__ inline void load_matrices(std::uint32_t (&out)[4], const eight_bf16* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
               : "r"(static_cast<std::uint32_t>(__cvta_generic_to_shared(row))) : "memory");
}
__device__ inline void multiply_add(float (&sums)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
#endif

// Where things are in tiles of rows of 64 numbers, eight pieces of 16 bytes.

COSETTA_GRID inline std::uint32_t piece_place(std::uint32_t row, std::uint32_t piece) { return row * 8 + (piece ^ (row & 7)); }
/// The piece that a lane gives load_matrices(): of 16 rows from `row` on and inputs 16 k to 16 k + 15, matrices by rows first, for the left
/// operand; and of 16 outputs, matrices by inputs first, for the right one.
COSETTA_GRID inline std::uint32_t left_place(std::uint32_t lane, std::uint32_t row, std::uint32_t k) { return piece_place(row + lane % 16, 2 * k + lane / 16); }
COSETTA_GRID inline std::uint32_t right_place(std::uint32_t lane, std::uint32_t output, std::uint32_t k) {
  return piece_place(output + lane % 8 + lane / 16 * 8, 2 * k + lane / 8 % 2);
}
/// The four sums of a lane in 16 rows by 8 outputs.
COSETTA_GRID inline std::uint32_t sum_row(std::uint32_t lane, std::uint32_t i) { return lane / 4 + i / 2 * 8; }
COSETTA_GRID inline std::uint32_t sum_column(std::uint32_t lane, std::uint32_t i) { return lane % 4 * 2 + i % 2; }

}  // namespace grid

/// out[o] = bias[o] + the sum over k of weights[o][k] in[k], by tiles of 128 rows and `Columns` outputs.
template <std::uint32_t Columns>
struct dense_tiles {
  static constexpr std::uint32_t most_threads = 128;  // and no fewer
  static constexpr int phases = 2;
  static constexpr std::uint32_t depth = activation_block, rows = batch_block, stages = 3;
  static constexpr std::uint32_t warp_columns = 64, warps_across = Columns / warp_columns, warp_rows = rows / (4 / warps_across);
  static constexpr std::uint32_t stage_pieces = (rows + Columns) * (depth / 8);
  static constexpr std::uint32_t staged_stride = Columns + 8;  // of sums on their way out: rows next to each other begin 8 banks apart
  static constexpr std::uint32_t extra_bytes = stages * stage_pieces * 16;
  static_assert(Columns == 64 || Columns == 128);
  static_assert(rows * staged_stride * 4 <= extra_bytes);
  using shared_data = nothing_shared;
  struct thread_data {
    float sums[warp_rows / 16][warp_columns / 8][4];
  };

  const grid::bf16* in;       // rows of in_stride numbers, padded to multiples of 128 rows
  std::uint32_t in_stride;    // a multiple of 64
  const grid::bf16* weights;  // [column_tiles * Columns][in_stride]
  const float* bias;          // [column_tiles * Columns]
  std::uint32_t column_tiles;
  layer_tail tail;

  COSETTA_GRID std::uint32_t pieces() const { return in_stride / depth; }
  COSETTA_GRID std::uint32_t rounds(const grid_place&) const { return pieces() + 1; }  // in the last one the sums go out
  COSETTA_GRID static grid::eight_bf16* left(const grid_place& at, std::uint32_t piece) { return reinterpret_cast<grid::eight_bf16*>(at.extra) + piece % stages * stage_pieces; }
  COSETTA_GRID static grid::eight_bf16* right(const grid_place& at, std::uint32_t piece) { return left(at, piece) + rows * (depth / 8); }
  /// Blocks next to each other share their rows.
  COSETTA_GRID std::uint32_t first_row(const grid_place& at) const { return at.block / column_tiles * rows; }
  COSETTA_GRID std::uint32_t first_column(const grid_place& at) const { return at.block % column_tiles * Columns; }
  COSETTA_GRID static std::uint32_t warp_row(std::uint32_t thread) { return thread / 32 / warps_across * warp_rows; }
  COSETTA_GRID static std::uint32_t warp_column(std::uint32_t thread) { return thread / 32 % warps_across * warp_columns; }

  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const {
    for (std::uint32_t piece = 0; piece + 1 < stages; ++piece) fetch(at, piece);
  }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}

  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data& own) const {
    if (round < pieces()) {
      if constexpr (Phase == 0) {
        grid::copies_done<stages - 2>();
      } else {
        fetch(at, round + stages - 1);  // to where the round before read
        multiply(at, round, own);
      }
    } else if constexpr (Phase == 0) {
      stage(at, own);
    } else {
      finish(at);
    }
  }

  /// An empty group where there is no such piece: groups are counted.
  COSETTA_GRID void fetch(const grid_place& at, std::uint32_t piece) const {
    if (piece < pieces()) {
      const std::uint32_t row = at.thread / 8, part = at.thread % 8, step = most_threads / 8, stride = in_stride / 8;
      const auto* from = reinterpret_cast<const grid::eight_bf16*>(in) + std::uint64_t{first_row(at) + row} * stride + piece * (depth / 8) + part;
      for (std::uint32_t r = row; r < rows; r += step, from += step * stride) grid::begin_copy(left(at, piece) + grid::piece_place(r, part), from);
      from = reinterpret_cast<const grid::eight_bf16*>(weights) + std::uint64_t{first_column(at) + row} * stride + piece * (depth / 8) + part;
      for (std::uint32_t r = row; r < Columns; r += step, from += step * stride) grid::begin_copy(right(at, piece) + grid::piece_place(r, part), from);
    }
    grid::close_copies();
  }

  COSETTA_GRID void multiply(const grid_place& at, std::uint32_t piece, thread_data& own) const {
    const std::uint32_t lane = at.thread % 32, row = warp_row(at.thread), column = warp_column(at.thread);
    const auto *const a = left(at, piece), *const b = right(at, piece);
#if defined(__CUDA_ARCH__)
#pragma unroll
    for (std::uint32_t k = 0; k < depth / 16; ++k) {
      std::uint32_t some_rows[warp_rows / 16][4], some_columns[warp_columns / 16][4];
#pragma unroll
      for (std::uint32_t i = 0; i < warp_rows / 16; ++i) grid::load_matrices(some_rows[i], a + grid::left_place(lane, row + 16 * i, k));
#pragma unroll
      for (std::uint32_t i = 0; i < warp_columns / 16; ++i) grid::load_matrices(some_columns[i], b + grid::right_place(lane, column + 16 * i, k));
#pragma unroll
      for (std::uint32_t i = 0; i < warp_rows / 16; ++i) {
#pragma unroll
        for (std::uint32_t o = 0; o < warp_columns / 8; ++o) {
          grid::multiply_add(own.sums[i][o], some_rows[i], some_columns[o / 2][o % 2 * 2], some_columns[o / 2][o % 2 * 2 + 1]);
        }
      }
    }
#else
    each_sum(lane, [&](std::uint32_t i, std::uint32_t o, std::uint32_t s, std::uint32_t r, std::uint32_t c) {
      float sum = own.sums[i][o][s];
      for (std::uint32_t p = 0; p < depth / 8; ++p) {
        const auto &x = a[grid::piece_place(row + r, p)], &w = b[grid::piece_place(column + c, p)];
        for (int k = 0; k < 4; ++k) {
          sum += grid::low_float(x.pair[k]) * grid::low_float(w.pair[k]);
          sum += grid::high_float(x.pair[k]) * grid::high_float(w.pair[k]);
        }
      }
      own.sums[i][o][s] = sum;
    });
#endif
  }

  /// each(i, o, s, row, column) for the sums [i][o][s] of a lane.
  template <class Each>
  COSETTA_GRID static void each_sum(std::uint32_t lane, const Each& each) {
#if defined(__CUDA_ARCH__)
#pragma unroll
#endif
    for (std::uint32_t i = 0; i < warp_rows / 16; ++i) {
#if defined(__CUDA_ARCH__)
#pragma unroll
#endif
      for (std::uint32_t o = 0; o < warp_columns / 8; ++o) {
#if defined(__CUDA_ARCH__)
#pragma unroll
#endif
        for (std::uint32_t s = 0; s < 4; ++s) each(i, o, s, 16 * i + grid::sum_row(lane, s), 8 * o + grid::sum_column(lane, s));
      }
    }
  }

  COSETTA_GRID void stage(const grid_place& at, const thread_data& own) const {
    auto* const to = reinterpret_cast<float*>(at.extra) + warp_row(at.thread) * staged_stride + warp_column(at.thread);
    each_sum(at.thread % 32, [&](std::uint32_t i, std::uint32_t o, std::uint32_t s, std::uint32_t r, std::uint32_t c) { to[r * staged_stride + c] = own.sums[i][o][s]; });
  }

  COSETTA_GRID void finish(const grid_place& at) const {
    struct alignas(16) four_floats {
      float x[4];
    };
    constexpr std::uint32_t parts = Columns / 8;
    const std::uint32_t part = at.thread % parts, column = first_column(at) + 8 * part;
    float biases[8];
    for (std::uint32_t i = 0; i < 8; ++i) biases[i] = bias[column + i];
    for (std::uint32_t r = at.thread / parts; r < rows; r += most_threads / parts) {
      const auto* const from = reinterpret_cast<const four_floats*>(at.extra + (r * staged_stride + 8 * part) * 4);
      const four_floats low = from[0], high = from[1];
      float x[8];
      for (std::uint32_t i = 0; i < 4; ++i) x[i] = low.x[i] + biases[i], x[4 + i] = high.x[i] + biases[4 + i];
      tail.finish(first_row(at) + r, column, x);
    }
  }
};

using wide_dense_tiles = dense_tiles<128>;
using narrow_dense_tiles = dense_tiles<64>;

}  // namespace cosetta::kernels
