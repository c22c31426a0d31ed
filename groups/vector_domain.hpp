// Invertible matrices over a ring as rows of entries, for the chain templates: they move row vectors, v -> v * M. The
// base consists of unit vectors, whose images are the rows of a matrix: no permutation of q^n points is ever made.
// The interface is that of image_domain.hpp. A vector is packed into 128 bits.
#pragma once

#include <groups/coefficient_ring.hpp>
#include <groups/image_domain.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace cosetta::groups {

struct packed_vector {
  std::uint64_t low = 0, high = 0;
  bool operator==(const packed_vector&) const = default;
};

template <class Ring>
class vector_domain {
 public:
  using scalar = typename Ring::element;
  using point = packed_vector;

  /// Throws resource_error when a vector does not fit 128 bits.
  vector_domain(Ring ring, std::size_t dimension)
      : ring_(std::move(ring)), dimension_(dimension), bits_(ring_.bits()), identity_(dimension * dimension, 0) {
    check_vector_bits(dimension * bits_);
    for (std::size_t i = 0; i < dimension; ++i) identity_[i * dimension + i] = 1;
  }

  const Ring& ring() const noexcept { return ring_; }
  std::size_t dimension() const noexcept { return dimension_; }
  std::size_t row_size() const noexcept { return dimension_ * dimension_; }

  void compose(const scalar* a, const scalar* b, scalar* out) const noexcept {
    scalar row[max_dimension];
    for (std::size_t i = 0; i < dimension_; ++i) {
      multiply(a + i * dimension_, b, row);
      std::copy_n(row, dimension_, out + i * dimension_);
    }
  }
  void invert(const scalar* a, scalar* out) const { ring_.invert(a, dimension_, out); }
  void copy(const scalar* from, scalar* to) const noexcept { std::copy_n(from, row_size(), to); }
  void set_identity(scalar* row) const noexcept { copy(identity_.data(), row); }
  bool is_identity(const scalar* row) const noexcept { return equal(row, identity_.data()); }
  bool equal(const scalar* a, const scalar* b) const noexcept { return std::equal(a, a + row_size(), b); }

  point image(const point& p, const scalar* m) const noexcept {
    scalar v[max_dimension], w[max_dimension];
    unpack(p, v);
    multiply(v, m, w);
    return pack(w);
  }
  point moved_point(const scalar* m) const noexcept {
    std::size_t i = 0;
    while (std::equal(m + i * dimension_, m + (i + 1) * dimension_, identity_.data() + i * dimension_)) ++i;
    return pack(identity_.data() + i * dimension_);
  }

  point pack(const scalar* v) const noexcept {
    point p;
    std::size_t at = 0;
    for (std::size_t i = 0; i < dimension_; ++i, at += bits_) {
      const std::uint64_t entry = v[i];
      if (at < 64) {
        p.low |= entry << at;
        if (at + bits_ > 64) p.high |= entry >> (64 - at);
      } else {
        p.high |= entry << (at - 64);
      }
    }
    return p;
  }
  void unpack(const point& p, scalar* v) const noexcept {
    const std::uint64_t mask = (std::uint64_t{1} << bits_) - 1;
    std::size_t at = 0;
    for (std::size_t i = 0; i < dimension_; ++i, at += bits_) {
      std::uint64_t entry = 0;
      if (at < 64) {
        entry = p.low >> at;
        if (at + bits_ > 64) entry |= p.high << (64 - at);
      } else {
        entry = p.high >> (at - 64);
      }
      v[i] = static_cast<scalar>(entry & mask);
    }
  }

  /// Where a vector stands in an orbit: open addressing, at most half full.
  class orbit_index {
   public:
    explicit orbit_index(const vector_domain&) : slots_(64, slot{{}, absent}) {}
    std::uint32_t find(const point& p) const noexcept { return slots_[slot_of(p)].position; }
    void insert(const point& p, std::uint32_t position) {
      if (2 * ++size_ > slots_.size()) grow();
      slots_[slot_of(p)] = {p, position};
    }

   private:
    struct slot {
      point key;
      std::uint32_t position;
    };
    std::size_t slot_of(const point& p) const noexcept {
      std::uint64_t h = (p.low ^ std::rotl(p.high, 29)) * 0x9e3779b97f4a7c15ULL;
      h ^= h >> 32;
      for (std::size_t at = h & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].position == absent || slots_[at].key == p) return at;
      }
    }
    void grow() {
      std::vector<slot> old(2 * slots_.size(), slot{{}, absent});
      old.swap(slots_);
      for (const auto& s : old) {
        if (s.position != absent) slots_[slot_of(s.key)] = s;
      }
    }
    std::vector<slot> slots_;
    std::size_t size_ = 0;
  };

 private:
  static constexpr std::size_t max_dimension = 128;  // one bit an entry

  /// w = v * m.
  void multiply(const scalar* v, const scalar* m, scalar* w) const noexcept {
    typename Ring::accumulator sum[max_dimension] = {};
    for (std::size_t i = 0; i < dimension_; ++i) {
      if (v[i] != 0) ring_.add_multiple(sum, v[i], m + i * dimension_, dimension_);
    }
    ring_.reduce(sum, w, dimension_);
  }

  Ring ring_;
  std::size_t dimension_;
  std::size_t bits_;
  std::vector<scalar> identity_;
};

}  // namespace cosetta::groups
