// Where the kernels of grids (grid.hpp) run, and the memory that they work on: a CUDA device, or the host in its place.
//
// The host's part is not for speed: it runs the same functions over the same arrays, thread by thread, so that tests and sanitizers see
// what the device will do. No CUDA type appears here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosetta::kernels {

/// `pinned` memory lies on the host, and the device reads and writes it across the bus.
enum class memory_kind { device, pinned };

/// In which order the host takes blocks, and the threads of a phase. A kernel without races gives one answer for all.
enum class host_order { forward, backward, shuffled };

/// When the host does what its streams are given. at_once: as it is given, whatever the stream. Otherwise as a device may: a stream goes on as soon as it
/// can, and the others when somebody waits for them; or it is a matter of chance. So what forgets to wait sees what is too old or too new, and
/// work that waits where it has to gives one answer for all.
enum class host_streams { at_once, first_ahead, second_ahead, shuffled };

class backend {
 public:
  /// Work of one stream is done in order; stream 0 computes, stream 1 copies and does what is small, before stream 0 where both could go on.
  static constexpr unsigned streams = 2;

  virtual ~backend() = default;
  /// "cuda" or "host".
  virtual std::string_view name() const noexcept = 0;
  /// "NVIDIA H100 80GB HBM3 (sm_90, 132 multiprocessors)"
  virtual std::string device() const = 0;
  virtual unsigned multiprocessors() const noexcept = 0;
  /// Shared memory that a block of threads can have, at most.
  virtual std::uint32_t shared_bytes() const noexcept = 0;
  /// Device memory that can be had now, about.
  virtual std::size_t free_bytes() const = 0;
  /// Throws resource_error where there is not so much. Multiples of 256 bytes are aligned to them.
  virtual void* allocate(std::size_t bytes, memory_kind kind) = 0;
  virtual void release(void* at, memory_kind kind) noexcept = 0;
  /// `from` may change when the call is over.
  virtual void upload(void* to, const void* from, std::size_t bytes, unsigned stream = 0) = 0;
  /// Waits for the stream.
  virtual void download(void* to, const void* from, std::size_t bytes, unsigned stream = 0) = 0;
  virtual void copy(void* to, const void* from, std::size_t bytes, unsigned stream = 0) = 0;
  virtual void fill(void* to, std::uint8_t byte, std::size_t bytes, unsigned stream = 0) = 0;
  /// What `stream` is given from now on begins when all is done that `other` was given up to now.
  virtual void wait_for(unsigned stream, unsigned other) = 0;
  /// Waits for all streams; throws backend_error when something on the device failed.
  virtual void synchronize() = 0;

  /// Held by what plans with all of the device's free memory, from its plan to its end: threads of the host that share a backend take turns.
  /// The thread that holds it may take it again.
  [[nodiscard]] std::unique_lock<std::recursive_mutex> lease() const { return std::unique_lock(whole_); }

  /// For launch() only: the order where the host is the device, otherwise null; the device's stream, when the device is the calling thread's.
  virtual const host_order* host() const noexcept { return nullptr; }
  virtual void run_on_host(unsigned, std::function<void()> work) { work(); }
  virtual void* native_stream(unsigned) const { return nullptr; }

 private:
  mutable std::recursive_mutex whole_;
};

/// `memory`: what free_bytes() starts from; `shared_bytes`: an H100's.
std::shared_ptr<backend> make_host_backend(host_order order = host_order::forward, std::size_t memory = std::size_t{1} << 40, std::uint32_t shared_bytes = 227 << 10,
                                           host_streams when = host_streams::at_once);

/// The CUDA device with this number. Throws backend_error where there is none that can be used.
std::shared_ptr<backend> make_cuda_backend(int device = 0);

/// An array on a device.
template <class T>
class device_array {
 public:
  device_array() = default;
  device_array(backend& on, std::size_t size, memory_kind kind = memory_kind::device)
      : on_(&on), size_(size), kind_(kind), data_(size == 0 ? nullptr : static_cast<T*>(on.allocate(size * sizeof(T), kind))) {}
  device_array(backend& on, std::span<const T> values) : device_array(on, values.size()) {
    if (size_ > 0) on.upload(data_, values.data(), bytes());
  }
  device_array(backend& on, const std::vector<T>& values) : device_array(on, std::span<const T>(values)) {}
  ~device_array() {
    if (data_ != nullptr) on_->release(data_, kind_);
  }
  device_array(device_array&& other) noexcept { swap(other); }
  device_array& operator=(device_array&& other) noexcept {
    device_array(std::move(other)).swap(*this);
    return *this;
  }
  void swap(device_array& other) noexcept {
    std::swap(on_, other.on_), std::swap(size_, other.size_), std::swap(kind_, other.kind_), std::swap(data_, other.data_);
  }

  T* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return size_ * sizeof(T); }
  void fill(std::uint8_t byte, unsigned stream = 0) {
    if (size_ == 0) return;
    if (kind_ == memory_kind::device) return on_->fill(data_, byte, bytes(), stream);
    on_->synchronize();
    std::memset(data_, byte, bytes());
  }
  void upload(std::span<const T> values, std::size_t at = 0, unsigned stream = 0) {
    if (!values.empty()) on_->upload(data_ + at, values.data(), values.size_bytes(), stream);
  }
  std::vector<T> download(std::size_t at, std::size_t count, unsigned stream = 0) const {
    std::vector<T> out(count);
    if (count > 0) on_->download(out.data(), data_ + at, count * sizeof(T), stream);
    return out;
  }
  std::vector<T> download() const { return download(0, size_); }

 private:
  backend* on_ = nullptr;
  std::size_t size_ = 0;
  memory_kind kind_ = memory_kind::device;
  T* data_ = nullptr;
};

}  // namespace cosetta::kernels
