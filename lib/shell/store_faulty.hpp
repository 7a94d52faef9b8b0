#pragma once
// A store that fails on purpose: chosen commits of another store fail, lie, or end the process.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "shell/store.hpp"

namespace tocsin::shell {

/// What happens to one commit.
struct StoreFault {
    enum class Kind : std::uint8_t {
        fails,         // nothing is written, `error` is returned
        lies,          // it is written, and `error` is returned all the same
        crash_before,  // the process ends before anything is written
        crash_after,   // the process ends after the write, before anybody heard of it
    };
    Kind kind = Kind::fails;
    Error error{"disk_full", "injected: no space left on the device"};
    std::uint32_t failing_probes = 0;  // how many probes fail before one succeeds
};

/// Wraps `inner`. After a crash every call answers `crashed`: the simulator sees `crashed()`, drops
/// everything in memory and starts anew on the same disk.
class FaultyStore final : public Store {
public:
    /// `faults`: by number of the commit, counted from 1.
    FaultyStore(std::unique_ptr<Store> inner, std::map<std::uint64_t, StoreFault> faults);

    Status commit(const Batch& batch, Fence fence) override;
    Result<core::State> recover() override;
    void maintain(Instant now) override;
    Status probe() override;

    [[nodiscard]] bool crashed() const { return crashed_; }
    [[nodiscard]] std::uint64_t commits() const { return commits_; }  // tried so far

private:
    Status apply(const StoreFault& fault, const Batch& batch, Fence fence);

    std::unique_ptr<Store> inner_;
    std::map<std::uint64_t, StoreFault> faults_;
    std::uint64_t commits_ = 0;
    std::uint32_t failing_probes_ = 0;
    Error probe_error_;  // of the fault that made them fail
    bool crashed_ = false;
};

/// Faults for a simulation: each of the first `commits` commits is hit with `probability`, by a
/// fault of any kind; the same seed gives the same faults.
std::map<std::uint64_t, StoreFault> seeded_faults(std::uint64_t seed, std::uint64_t commits,
                                                  double probability);

}  // namespace tocsin::shell
