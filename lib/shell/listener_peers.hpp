#pragma once
// What connections of all threads count together: bytes of bodies in flight, connections per peer.

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace tocsin::shell {

/// A bound on bytes held at once.
class ByteBudget {
public:
    [[nodiscard]] bool charge(std::size_t bytes, std::size_t bytes_max) {
        if (used_.fetch_add(bytes) + bytes <= bytes_max) return true;
        used_.fetch_sub(bytes);
        return false;
    }
    void release(std::size_t bytes) { used_.fetch_sub(bytes); }
    [[nodiscard]] std::size_t used() const { return used_.load(); }

private:
    std::atomic<std::size_t> used_{0};
};

/// Connections of remote peers that have shown no token.
class PeerCounts {
public:
    /// False, and not counted, when the address already has `count_max`.
    [[nodiscard]] bool add(const std::string& address, std::size_t count_max) {
        const std::lock_guard lock(mutex_);
        std::size_t& count = counts_[address];
        if (count >= count_max) return false;
        ++count;
        return true;
    }
    void remove(const std::string& address) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(address);
        if (found != counts_.end() && --found->second == 0) counts_.erase(found);
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::size_t> counts_;
};

}  // namespace tocsin::shell
