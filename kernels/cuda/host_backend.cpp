#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>

#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>

namespace cosetta::kernels {

namespace {

class host_backend final : public backend {
 public:
  host_backend(host_order order, std::size_t memory, std::uint32_t shared_bytes) : order_(order), free_(memory), shared_bytes_(shared_bytes) {}

  std::string_view name() const noexcept override { return "host"; }
  std::string device() const override { return "the host in a device's place"; }
  unsigned multiprocessors() const noexcept override { return 2; }
  std::uint32_t shared_bytes() const noexcept override { return shared_bytes_; }
  std::size_t free_bytes() const override { return free_; }
  void* allocate(std::size_t bytes, memory_kind kind) override {
    if (kind == memory_kind::device && bytes > free_) throw resource_error("the device has " + std::to_string(free_) + " bytes, " + std::to_string(bytes) + " are wanted");
    void* at = std::malloc(bytes);  // not more than is asked for: sanitizers look at its ends
    if (at == nullptr) throw resource_error("no memory for " + std::to_string(bytes) + " bytes");
    std::memset(at, 0xa5, bytes);  // as found
    sizes_[at] = bytes;
    if (kind == memory_kind::device) free_ -= bytes;
    return at;
  }
  void release(void* at, memory_kind kind) noexcept override {
    const auto found = sizes_.find(at);
    if (kind == memory_kind::device) free_ += found->second;
    sizes_.erase(found);
    std::free(at);
  }
  void upload(void* to, const void* from, std::size_t bytes, unsigned) override { std::memcpy(to, from, bytes); }
  void download(void* to, const void* from, std::size_t bytes, unsigned) override { std::memcpy(to, from, bytes); }
  void copy(void* to, const void* from, std::size_t bytes, unsigned) override { std::memcpy(to, from, bytes); }
  void fill(void* to, std::uint8_t byte, std::size_t bytes, unsigned) override { std::memset(to, byte, bytes); }
  void wait_for(unsigned, unsigned) override {}
  void synchronize() override {}
  const host_order* host() const noexcept override { return &order_; }

 private:
  host_order order_;
  std::size_t free_;
  std::uint32_t shared_bytes_;
  std::unordered_map<void*, std::size_t> sizes_;
};

}  // namespace

std::shared_ptr<backend> make_host_backend(host_order order, std::size_t memory, std::uint32_t shared_bytes) { return std::make_shared<host_backend>(order, memory, shared_bytes); }

}  // namespace cosetta::kernels
