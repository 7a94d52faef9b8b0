#pragma once
// Peer: tocsin or Alertmanager, freshly started in a folder of its own, paging our receiver.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "child.hpp"
#include "wire.hpp"

namespace tocsin::bench {

struct Programs {
    std::string tocsin;
    std::string alertmanager;  // empty: there is none
    std::string rules;
    std::string folder;  // on the disk whose fsync counts
};

/// The doors that a client can post alerts to.
enum class Door { webhook, alerts };

/// How Alertmanager groups and waits; tocsin does not ask.
enum class Grouping {
    each_at_once,    // group_by ['...'], group_wait 0s
    one_never_sent,  // nothing is notified while we look: its intake alone
};

class Peer {
public:
    enum class Kind { tocsin, alertmanager };

    /// Nothing (with a sentence on stderr) when it does not come up.
    static std::unique_ptr<Peer> start(Kind kind, const Programs& programs, Grouping grouping,
                                       std::uint16_t receiver);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] Child& process() { return *process_; }

private:
    Peer() = default;
    [[nodiscard]] bool wait_for_port(Kind kind);

    std::string folder_;
    std::unique_ptr<Child> process_;
    std::uint16_t port_ = 0;
};

std::string_view name_of(Peer::Kind kind);
std::string_view path_of(Door door);

}  // namespace tocsin::bench
