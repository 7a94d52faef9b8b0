#pragma once
// SmtpPeer: a mail server on loopback that can lie in any way that a real one does not.

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/fake_peer.hpp"

namespace tocsin::test {

/// Answers each command line with reply(line), and what comes after DATA with reply(".") once its
/// final dot is there. An empty answer closes the connection. Mails are noted as they arrived.
class SmtpPeer {
public:
    using Reply = std::function<std::string(std::string_view line)>;

    explicit SmtpPeer(Reply reply = polite)
        : peer_([this, reply](RawSocket& socket, int number) {
              connections_ = number;
              serve(socket, reply);
          }) {}

    /// What a server says that takes everything.
    static std::string polite(std::string_view line) {
        if (line.starts_with("EHLO")) return "250-mail.test\r\n250 8BITMIME\r\n";
        if (line.starts_with("DATA")) return "354 go on\r\n";
        if (line.starts_with("QUIT")) return "221 bye\r\n";
        return line.empty() ? "220 mail.test\r\n" : "250 ok\r\n";
    }
    [[nodiscard]] std::string url() const { return "smtp" + peer_.url("").substr(4); }
    std::vector<std::string> mails() { return peer_.noted(); }
    [[nodiscard]] int connections() const { return connections_; }

private:
    void serve(RawSocket& socket, const Reply& reply) {
        const std::string greeting = reply("");
        if (greeting.empty() || !socket.send(greeting)) return;
        std::string input;
        bool in_data = false;
        while (true) {
            const std::string ends_with = in_data ? "\r\n.\r\n" : "\r\n";
            const std::size_t ends = input.find(ends_with);
            if (ends == std::string::npos) {
                const std::string piece = socket.read_some();
                if (piece.empty()) return;
                input += piece;
                continue;
            }
            const std::string line = in_data ? "." : input.substr(0, ends);
            if (in_data) peer_.note(input.substr(0, ends + 2));
            input.erase(0, ends + ends_with.size());
            const std::string answer = reply(line);
            if (answer.empty() || !socket.send(answer)) return;
            in_data = line.starts_with("DATA") && answer.starts_with("354");
        }
    }

    std::atomic<int> connections_ = 0;
    FakePeer peer_;  // last: its threads use the rest
};

}  // namespace tocsin::test
