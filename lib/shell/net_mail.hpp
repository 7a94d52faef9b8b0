#pragma once
// MailClient: the mail library (SMTP submission) behind one blocking call that can be cut off.

#include <memory>

#include "integrations/request.hpp"
#include "shell/net_threads.hpp"

namespace tocsin::shell {

/// A connection of its own for each mail (RFC 5321). carry() is for one thread; stop() for any.
///
/// Answers: `answered` with the code and text of the reply that decided (2xx only for the one after
/// the final dot); `broken` when the whole mail was handed over and no reply came; `unreachable`
/// for everything before that, when no server can have taken it. Of several addresses, those that
/// the server refuses are left out unless it refuses them all.
class MailClient {
public:
    explicit MailClient(NetOptions options);
    ~MailClient();
    MailClient(const MailClient&) = delete;
    MailClient& operator=(const MailClient&) = delete;

    /// Blocks for at most about `request.timeout`, whatever the server does.
    [[nodiscard]] integrations::Answer carry(const integrations::MailRequest& request);
    /// Ends the carry() under way, if any, by closing its sockets.
    void stop();
    /// True from when the mail under way was handed over up to its final dot.
    [[nodiscard]] bool may_have_sent() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tocsin::shell
