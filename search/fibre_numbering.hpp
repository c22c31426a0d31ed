// The elements of a matrix group by their bits in rows, cosets of a group of transvections (matrix_fibre.hpp): row r is the
// r-th by its key, and takes kernels::row_stride bits. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/matrix_fibre.hpp>
#include <search/run_context.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

class fibre_numbering {
 public:
  /// `keys` ascending, all that the fibre has.
  fibre_numbering(std::shared_ptr<const matrix_fibre> fibre, std::shared_ptr<const std::vector<std::uint64_t>> keys);
  /// The rows of a choice, found again; nothing where there are more than `most`. Throws groups::stopped_error.
  static std::optional<fibre_numbering> make(const fibre_choice& choice, std::uint64_t most, const run_context& context);

  /// Bits, of which not all stand for elements: a multiple of 64.
  static std::uint64_t size_for(std::uint64_t rows, std::uint32_t length) noexcept;
  std::uint64_t size() const noexcept { return size_for(rows(), fibre_->row_length()); }
  std::size_t rows() const noexcept { return keys_->size(); }
  std::size_t stride() const noexcept { return stride_; }  // bits from row to row
  const matrix_fibre& fibre() const noexcept { return *fibre_; }
  const std::vector<std::uint64_t>& keys() const noexcept { return *keys_; }

  std::optional<std::uint64_t> index_of(const graphs::state& state) const;
  /// Precondition: the bit stands for an element.
  graphs::state state_of(std::uint64_t index) const;

 private:
  std::shared_ptr<const matrix_fibre> fibre_;
  std::shared_ptr<const std::vector<std::uint64_t>> keys_;
  std::size_t stride_;
};

}  // namespace cosetta::search
