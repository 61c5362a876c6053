"""The house's addresses and the gallery of components, which is otherwise only there in DEBUG."""

from django.urls import path

from smm.gallery import Gallery, moved
from smm.urls import urlpatterns as house

urlpatterns = [
    *house,
    path("_ui/", Gallery.as_view(), name="gallery"),
    path("_ui/move/", moved, name="gallery-move"),
]
