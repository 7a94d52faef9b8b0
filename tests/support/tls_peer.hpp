#pragma once
// TlsPeer: a FakePeer behind TLS, with a certificate made on the spot; right or wrong in one way.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <memory>
#include <string>

#include "support/fake_peer.hpp"

namespace tocsin::test {

/// A self-signed certificate; `name` as in OpenSSL's subjectAltName ("IP:127.0.0.1", "DNS:a").
class Certificate {
public:
    Certificate(const std::string& name, long valid_from_s, long valid_until_s)
        : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), x509_(X509_new(), &X509_free) {
        X509* x509 = x509_.get();
        X509_set_version(x509, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), valid_from_s);
        X509_gmtime_adj(X509_getm_notAfter(x509), valid_until_s);
        X509_set_pubkey(x509, key_.get());
        X509_NAME* subject = X509_get_subject_name(x509);
        const auto* common = reinterpret_cast<const unsigned char*>("tocsin test");
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common, -1, -1, 0);
        X509_set_issuer_name(x509, subject);
        X509_EXTENSION* names =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str());
        X509_add_ext(x509, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(x509, key_.get(), EVP_sha256());
    }
    [[nodiscard]] bool write_pem(const std::string& path) const {
        const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "w"),
                                                             &BIO_free);
        return file != nullptr && PEM_write_bio_X509(file.get(), x509_.get()) == 1;
    }
    [[nodiscard]] bool write_key_pem(const std::string& path) const {
        const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "w"),
                                                             &BIO_free);
        return file != nullptr && PEM_write_bio_PrivateKey(file.get(), key_.get(), nullptr, nullptr,
                                                           0, nullptr, nullptr) == 1;
    }
    void give_to(SSL_CTX* context) const {
        SSL_CTX_use_certificate(context, x509_.get());
        SSL_CTX_use_PrivateKey(context, key_.get());
    }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> x509_;
};

/// Sends `reply` to each request until the client leaves, and counts the requests that arrived.
class TlsPeer {
public:
    TlsPeer(const Certificate& certificate, std::string reply)
        : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free),
          reply_(std::move(reply)),
          peer_([this](RawSocket& socket, int number) {
              connections_ = number;
              serve(socket.descriptor());
          }) {
        certificate.give_to(context_.get());
    }
    [[nodiscard]] std::string url(const std::string& path = "/") const {
        return "https" + peer_.url(path).substr(4);
    }
    std::size_t requests() { return peer_.noted().size(); }
    /// The number of the newest connection.
    [[nodiscard]] int connections() const { return connections_; }
    std::string request(std::size_t index) { return peer_.noted().at(index); }

private:
    void serve(int descriptor) {
        const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_.get()), &SSL_free);
        SSL_set_fd(tls.get(), descriptor);
        if (SSL_accept(tls.get()) != 1) return;
        char bytes[4096];
        std::string request;
        while (true) {
            const int got = SSL_read(tls.get(), bytes, sizeof bytes);
            if (got <= 0) return;
            request.append(bytes, static_cast<std::size_t>(got));
            if (!request.ends_with("\r\n\r\nbody")) continue;
            peer_.note(std::exchange(request, {}));
            if (SSL_write(tls.get(), reply_.data(), static_cast<int>(reply_.size())) <= 0) return;
            if (reply_.find("Connection: close") != std::string::npos) {
                SSL_shutdown(tls.get());
                return;
            }
        }
    }

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    const std::string reply_;
    std::atomic<int> connections_ = 0;
    FakePeer peer_;  // last: its threads use the rest
};

}  // namespace tocsin::test
