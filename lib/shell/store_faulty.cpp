// A store that fails on purpose, at the commits it was told to.

#include "shell/store_faulty.hpp"

#include <utility>

namespace tocsin::shell {

namespace {

const char* const crashed_code = "crashed";

Error crash() {
    return {crashed_code, "injected: the process has ended"};
}

/// splitmix64 (Steele, Lea, Flood 2014): one number a call, any seed.
std::uint64_t next_random(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

}  // namespace

FaultyStore::FaultyStore(std::unique_ptr<Store> inner, std::map<std::uint64_t, StoreFault> faults)
    : inner_(std::move(inner)), faults_(std::move(faults)) {}

Status FaultyStore::commit(const Batch& batch, Fence fence) {
    if (crashed_) return crash();
    const auto fault = faults_.find(++commits_);
    if (fault == faults_.end()) return inner_->commit(batch, fence);
    return apply(fault->second, batch, fence);
}

Status FaultyStore::apply(const StoreFault& fault, const Batch& batch, Fence fence) {
    using Kind = StoreFault::Kind;
    if (fault.kind == Kind::lies || fault.kind == Kind::crash_after) {
        if (Status status = inner_->commit(batch, fence); !status) return status;
    }
    crashed_ = fault.kind == Kind::crash_before || fault.kind == Kind::crash_after;
    if (crashed_) return crash();
    failing_probes_ = fault.failing_probes;
    probe_error_ = fault.error;
    return fault.error;
}

Result<core::State> FaultyStore::recover() {
    if (crashed_) return crash();
    return inner_->recover();
}

void FaultyStore::maintain(Instant now) {
    if (!crashed_) inner_->maintain(now);
}

Status FaultyStore::probe() {
    if (crashed_) return crash();
    if (failing_probes_ == 0) return inner_->probe();
    --failing_probes_;
    return probe_error_;
}

std::map<std::uint64_t, StoreFault> seeded_faults(std::uint64_t seed, std::uint64_t commits,
                                                  double probability) {
    constexpr double two_to_the_53 = 9007199254740992.0;
    const Error errors[] = {{"disk_full", "injected: no space left on the device"},
                            {"io", "injected: input/output error"}};
    std::map<std::uint64_t, StoreFault> faults;
    for (std::uint64_t commit = 1; commit <= commits; ++commit) {
        const double roll = static_cast<double>(next_random(seed) >> 11) / two_to_the_53;
        const std::uint64_t choice = next_random(seed);
        if (roll >= probability) continue;
        faults[commit] = {.kind = static_cast<StoreFault::Kind>(choice % 4),
                          .error = errors[(choice >> 8) % 2],
                          .failing_probes = static_cast<std::uint32_t>((choice >> 16) % 4)};
    }
    return faults;
}

}  // namespace tocsin::shell
