#pragma once
// MailServer: Debian's Exim on free ports of loopback, with a configuration and a spool of its own.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/mail_reader.hpp"
#include "support/process.hpp"

namespace tocsin::support {

/// Takes mail for @example.com into one maildir. Local parts that behave otherwise: `nobody` does
/// not exist, `grey` is put off until lift_greylisting(), `private` is for whoever has logged in.
class MailServer {
public:
    struct Settings {
        std::string certificate = {};  // PEM files; empty: no TLS
        std::string key = {};
        std::string user_name = "tocsin";
        std::string password = "correct horse";
    };
    MailServer(const std::string& program, const Settings& settings);

    [[nodiscard]] bool is_ready() const { return ready_; }
    /// smtp://127.0.0.1:PORT
    [[nodiscard]] std::string url() const;
    /// smtps://127.0.0.1:PORT, for a server with a certificate.
    [[nodiscard]] std::string tls_url() const;
    /// What has been delivered, oldest first.
    [[nodiscard]] std::vector<ReadMail> mails() const;
    /// Waits for that many, and returns what is there.
    [[nodiscard]] std::vector<ReadMail> wait_for(std::size_t count) const;
    void lift_greylisting() const;
    [[nodiscard]] std::string log() const;

private:
    [[nodiscard]] std::string config(const std::string& program, const Settings& settings) const;

    TemporaryFolder folder_;
    int port_ = 0;
    int tls_port_ = 0;
    bool ready_ = false;
    Process process_;
};

/// Nothing when there is none; tests then say that they skip.
[[nodiscard]] std::optional<std::string> mail_server_program();

}  // namespace tocsin::support
