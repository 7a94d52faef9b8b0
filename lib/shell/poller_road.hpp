#pragma once
// PollerRoad: the requests to one polled source, a bounded number at once.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "integrations/request.hpp"
#include "shell/net.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// A request that got no answer is repeated once, at once: a connection may have been closed under
/// us. Not so one that took half of its time or more: a peer that hangs is not asked twice.
class PollerRoad final : public std::enable_shared_from_this<PollerRoad> {
public:
    /// Builds the request when its turn comes; nothing if it is no longer wanted.
    using Make = std::function<std::optional<integrations::HttpRequest>()>;
    using Then = std::function<void(const integrations::Answer&)>;

    PollerRoad(Runtime& runtime, Net& net, std::string name)
        : runtime_(runtime), net_(net), name_(std::move(name)) {}

    void set_width(int width);
    /// `then` is called once, unless the request was no longer wanted or the road is closed.
    void ask(Make make, Then then);
    void close();

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
    [[nodiscard]] std::uint64_t repeated() const { return repeated_; }

private:
    struct Question {
        Make make;
        Then then;
    };
    void go_on();
    void send(std::size_t worker, integrations::HttpRequest request, Then then, bool again);

    Runtime& runtime_;
    Net& net_;
    std::string name_;
    std::deque<Question> waiting_;
    std::vector<bool> workers_;  // true: taken
    std::size_t width_ = 1;
    std::size_t in_flight_ = 0;
    std::uint64_t repeated_ = 0;
    bool closed_ = false;
    bool going_on_ = false;
};

}  // namespace tocsin::shell
