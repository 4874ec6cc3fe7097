"""Addresses for machines that watch the site."""

from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("sante/vivant", views.alive, name="alive"),
    path("sante/pret", views.ready, name="ready"),
]
