class TestContentSecurity:
    def test_is_strict_outside_the_admin(self, client):
        policy = client.get("/healthz")["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy

    def test_lets_the_admin_evaluate_but_run_nothing_in_line(self, client, db):
        policy = client.get("/admin/login/")["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "style-src 'self' 'unsafe-inline'" in policy
