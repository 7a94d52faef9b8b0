#pragma once
// Systemd: READY, RELOADING, STOPPING, STATUS and WATCHDOG on the notify socket; inherited sockets.

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// sd_notify(3). Does nothing when the daemon was not started by systemd.
class Systemd {
public:
    Systemd();
    [[nodiscard]] bool present() const { return present_; }
    void ready(const std::string& status);
    void reloading();
    void stopping();
    void status(const std::string& text);
    /// Feeds the watchdog at a third of its interval from the Runtime's own loop, for as long as
    /// that loop works. Without a watchdog it does nothing.
    void feed_watchdog(Runtime& runtime);
    /// Descriptors of socket activation (sd_listen_fds(3)), in the order of the unit.
    [[nodiscard]] std::vector<int> inherited_sockets() const;

private:
    void send(const std::string& state) const;
    bool present_ = false;
    std::optional<Duration> watchdog_;
};

/// `127.0.0.1:9120`, `[::1]:9120`, `unix` of a listening socket; empty if it is none.
[[nodiscard]] std::string address_of_socket(int socket);

}  // namespace tocsin::shell
