#include <groups/chain_options.hpp>
#include <kernels/bit_rows.hpp>
#include <search/fibre_numbering.hpp>
#include <search/matrix_rows.hpp>

#include <algorithm>
#include <utility>

namespace cosetta::search {

fibre_numbering::fibre_numbering(std::shared_ptr<const matrix_fibre> fibre,
                                 std::shared_ptr<const std::vector<std::uint64_t>> keys)
    : fibre_(std::move(fibre)), keys_(std::move(keys)), stride_(kernels::row_stride(fibre_->row_length())) {}

std::optional<fibre_numbering> fibre_numbering::make(const fibre_choice& choice, std::uint64_t most,
                                                     const run_context& context) {
  auto fibre = std::make_shared<matrix_fibre>(choice.fibre);
  auto found = enumerate_rows(*fibre, most, most, context);
  if (found.stopped) throw groups::stopped_error("stopped while the rows of a matrix group were counted");
  if (found.too_many) return std::nullopt;
  return fibre_numbering(std::move(fibre), std::make_shared<const std::vector<std::uint64_t>>(std::move(found.keys)));
}

std::uint64_t fibre_numbering::size_for(std::uint64_t rows, std::uint32_t length) noexcept {
  return (rows * kernels::row_stride(length) + 63) / 64 * 64;
}

graphs::state fibre_numbering::state_of(std::uint64_t index) const {
  auto s = fibre_->from_key((*keys_)[index / stride_]);
  fibre_->raise(s, static_cast<std::uint32_t>(index % stride_));
  return fibre_->to_state(s);
}

std::optional<std::uint64_t> fibre_numbering::index_of(const graphs::state& state) const {
  if (!fibre_->accepts(state)) return std::nullopt;
  auto s = fibre_->from_state(state);
  const std::uint32_t t = fibre_->reduce(s);
  if (!fibre_->fits(s)) return std::nullopt;
  const auto at = std::lower_bound(keys_->begin(), keys_->end(), fibre_->key(s));
  if (at == keys_->end() || *at != fibre_->key(s)) return std::nullopt;
  return static_cast<std::uint64_t>(at - keys_->begin()) * stride_ + t;
}

}  // namespace cosetta::search
